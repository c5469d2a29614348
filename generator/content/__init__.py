"""Find and read what people wrote: sources, their front matter, the comments kept beside them.

`find.scan` lists the files, `read` opens and decodes them, `document.parse` turns the bytes of one into a validated
`Meta` and its Markdown, `comments.parse_comments` does the same for kept comments. What is wrong comes back as
problems with their place; nothing here raises for what a user wrote, save `read`, which has no value to give back.
"""
