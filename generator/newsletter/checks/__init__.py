"""Check an issue for mistakes before it is sent."""
