"""Remove the metadata of films, sound and documents without changing frames and pages.

`clean.clean_media` cleans a file. Import it where it is used: a build with nothing to do does not need it.
"""
