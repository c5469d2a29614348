"""The reader of feeds (RSS, Atom), and of posts saved as HTML with the marks of an h-entry, such as Medium's export."""
