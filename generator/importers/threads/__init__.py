"""Import comments alone: from the database of Isso, from the export of Disqus."""
