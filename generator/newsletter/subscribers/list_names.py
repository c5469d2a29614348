"""Find lists by their names: `readers` is `lists/readers.csv` in the site's folder."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from generator.errors import MailError, error

LIST_FOLDER = "lists"
_NOT_LISTS = frozenset({"suppressed.csv", "bounced.csv"})


def list_lists(root: Path) -> list[Path]:
    """List the site's own lists, by name, without the files that Openletter writes there."""
    return sorted(file for file in (root / LIST_FOLDER).glob("*.[cC][sS][vV]") if file.name not in _NOT_LISTS)


def choose_lists(root: Path, names: Sequence[str]) -> list[Path]:
    """Return the files of the named lists, or all of the site's own.

    Raises: MailError if there are none.
    """
    found = [find_list(root, name) for name in names] or list_lists(root)
    if not found:
        raise MailError(error("", "mail-list", "There is no list in lists/.", _NO_LISTS))
    return found


def find_list(root: Path, name: str) -> Path:
    """Return the file of a list: a path, or the name of a file in `lists/`.

    Raises: MailError if `name` is neither.
    """
    file = Path(name)
    if file.exists():
        return file
    named = root / LIST_FOLDER / f"{name}.csv"
    if named.is_file():
        return named
    if file.suffix or len(file.parts) > 1:
        return file  # reading it explains what is wrong
    lists = list_lists(root)
    known = [each.stem for each in lists]
    if name in known:
        return lists[known.index(name)]
    near = difflib.get_close_matches(name, known, 1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Lists: {', '.join(known)}." if known else _NO_LISTS
    raise MailError(error("", "mail-list", f'There is no list "{name}".', hint))


_NO_LISTS = "Save a list in the folder lists/, or write the path of a CSV file."
