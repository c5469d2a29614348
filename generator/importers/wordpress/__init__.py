"""The reader of WordPress exports (WXR)."""
