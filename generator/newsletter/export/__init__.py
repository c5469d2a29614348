"""An issue written to files: a page to look at, a folder for a mail service."""
