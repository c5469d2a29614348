"""Films, sound and documents: their metadata removed without a change of frames and pages.

`clean.clean_media` cleans; it is imported where it is used, as a build with nothing to do needs none of it.
"""
