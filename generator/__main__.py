"""Start the command line: `openletter`, or `python -m generator`."""

import gc
import sys


def main() -> None:
    """Run the command line; `--version` answers before anything heavy is imported."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from generator import __version__

        print(f"openletter {__version__}")
        return
    gc.set_threshold(100_000)  # importing makes many objects and no garbage: looking for it took up to 8 ms
    from generator.cli import cli

    try:
        cli(prog_name="openletter")
    finally:
        gc.freeze()  # to look once more for garbage in what the system takes back anyway took up to 80 ms


if __name__ == "__main__":
    main()
