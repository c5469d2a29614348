"""Remove the metadata of pictures and find their sizes, from bytes. Pillow is imported only where pixels matter."""
