"""Build a site in five fixed stages, from a folder to a folder; every command that builds comes in here."""
