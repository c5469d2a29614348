"""The live preview: a server that shows the site as its sources stand, and the mistakes in them.

File events fill an queue; one thread builds what they name, with the engine of every other command, into a folder of
the preview's own; a server in the main thread sends the files of that folder, never while they are being written.
"""
