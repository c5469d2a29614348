"""One recipient's message: addresses, header fields, MIME parts."""
