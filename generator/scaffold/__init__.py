"""New sites and new files: `init` and `new`."""
