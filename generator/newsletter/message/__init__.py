"""Compose one recipient's message: addresses, header fields, MIME parts."""
