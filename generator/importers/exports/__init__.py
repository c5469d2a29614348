"""What the readers of exports share: XML in records, HTML as Markdown, comments, pictures."""
