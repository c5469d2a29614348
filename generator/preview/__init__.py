"""The live preview: a server that shows the current site, with its problems.

File events fill a task queue (`watcher`, `task_queue`). One thread (`builder`) takes tasks from it and builds, with the
same engine as every other command, into the preview's own folder. A server in the main thread sends the files of that
folder, never while they are being written (`build_lock`), and pushes the state to the open pages (`event_streams`).
"""
