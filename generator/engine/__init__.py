"""The build: five fixed stages from a folder to a folder, the one way in for every command."""
