"""The live preview: a server that shows the site as its sources are now, with the problems in them.

File events fill a task queue (`watcher`, `task_queue`). One thread (`builder`) takes from it and builds with the engine
of every other command, into a folder of the preview's own. A server in the main thread sends the files of that folder,
never while they are being written (`build_lock`), and pushes the state to the open pages (`event_streams`).
"""
