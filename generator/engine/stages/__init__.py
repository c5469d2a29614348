"""The stages of a build, in order: scan, documents, index, render, commit."""
