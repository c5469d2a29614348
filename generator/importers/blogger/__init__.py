"""The reader of Blogger's backups and of Google Takeout."""
