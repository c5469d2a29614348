"""Export an issue to files: a preview page, or a folder for a mail service."""
