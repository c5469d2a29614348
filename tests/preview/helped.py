"""The command line, in which other processes help even a small preview: `python -m tests.preview.helped serve`."""

from __future__ import annotations

from generator.engine.processes import background_renderers
from generator.preview import page_scheduler

if __name__ == "__main__":
    from generator.__main__ import main

    background_renderers.HELP_FROM = 1
    page_scheduler.REPORT_S = 0.0
    main()
