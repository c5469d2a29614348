"""List the licences of everything that Openletter installs: `python -m release.licences` writes docs/licences.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release.documentation import ROOT

PAGE = ROOT / "docs/licences.md"
_FOR_DEVELOPERS = ("test", "fuzz", "dev", "release")
# What a package's metadata do not say, or say in words of their own. Each was read in the licence file of the package.
_READ = {
    "dkimpy": "Zlib",
    "feedgen": "BSD-2-Clause OR LGPL-3.0-or-later",
    "pillow-heif": "BSD-3-Clause; its wheels contain x265: GPL-2.0",
    "pyromark": "MIT",
    "typos": "MIT OR Apache-2.0",
}
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_HEAD = """# Licences

Openletter has the [MIT licence](../LICENSE). This is what it installs besides, with the licence that each package
declares. All of them may be used together with a program under the MIT licence, at work and for money. A package whose
licence asks more of whoever passes it on, such as the GPL, is only in an extra, which you install when you want it.

The default theme contains the typeface Newsreader under the SIL Open Font License 1.1.
"""
_TABLE = "| package | licence |\n|---|---|\n"
_FOOT = """
`make licences` writes this page from the packages' own metadata, and `make release` writes the same list as CycloneDX.
"""


class Licence(NamedTuple):
    """A package, the licence it declares as an SPDX expression where possible, and where it comes from."""

    name: str
    licence: str
    homepage: str


def list_licences() -> dict[str, list[Licence]]:
    """List by extra ("" for what is always installed) what only it brings, each by name. Packages must be installed."""
    always = _closure("openletter", "")
    listed = {"": always, **{extra: _closure("openletter", extra) - always for extra in list_extras()}}
    return {extra: [_licence(distribution(name)) for name in sorted(names)] for extra, names in listed.items()}


def list_extras() -> list[str]:
    """List the extras of the program, without those for its developers."""
    named = distribution("openletter").metadata.get_all("Provides-Extra") or []
    return sorted(set(named) - set(_FOR_DEVELOPERS))


def _closure(name: str, extra: str) -> set[str]:
    """Collect the names of all packages that one requires, with theirs, on this Python and system."""
    found: set[str] = set()
    waiting = [(name, extra)]
    seen = set(waiting)
    while waiting:
        for needed in _requirements(*waiting.pop()):
            name = canonicalize_name(needed.name)
            found.add(name)
            more = {(name, each) for each in ("", *needed.extras)} - seen
            seen |= more
            waiting += sorted(more)
    return found


def _requirements(name: str, extra: str) -> Iterator[Requirement]:
    """List what a package requires on this Python and system: always ("") or only with an extra."""
    for requirement in map(Requirement, distribution(name).requires or ()):
        marker = requirement.marker
        always = marker is None or marker.evaluate({"extra": ""})
        if always is not (extra == "") or (marker is not None and not marker.evaluate({"extra": extra})):
            continue
        with suppress(PackageNotFoundError):  # of another system
            distribution(requirement.name)
            yield requirement


def _licence(package: Distribution) -> Licence:
    name = canonicalize_name(package.metadata["Name"])
    return Licence(name, _READ.get(name) or _declared(package), _homepage(package))


def _field(package: Distribution, name: str) -> str:
    return next(iter(package.metadata.get_all(name) or ()), "")


def _declared(package: Distribution) -> str:
    """Find the declared licence: the SPDX expression, else the classifiers, else a short text; "" if there is none."""
    expression = _field(package, "License-Expression")
    if expression:
        return expression
    classifiers = [each.rpartition(" :: ")[2] for each in package.metadata.get_all("Classifier") or ()]
    known = [_SPDX[each] for each in classifiers if each in _SPDX]
    if known:
        return " OR ".join(known)
    text = _field(package, "License").strip()
    return _SPDX.get(text, text if len(text) < 60 else "")


def _homepage(package: Distribution) -> str:
    """Find the address of a package's home or source; its page at PyPI if it names none."""
    urls = dict(re.split(r",\s*", each, maxsplit=1) for each in package.metadata.get_all("Project-URL") or ())
    by_name: Mapping[str, str] = {name.lower(): url for name, url in urls.items()}
    home = _field(package, "Home-page")
    for name in ("homepage", "home", "source", "source code", "repository", "documentation"):
        if name in by_name:
            return by_name[name]
    return home or f"https://pypi.org/project/{package.metadata['Name']}/"


def format_page(licences: Mapping[str, list[Licence]]) -> str:
    """Write the page: a table for what is always installed, and one for each extra that brings something."""
    parts = [_HEAD]
    for extra, rows in licences.items():
        title = f"With `openletter[{extra}]`" if extra else "Always installed"
        if rows:
            parts.append(
                f"\n## {title}\n\n{_TABLE}" + "".join(f"| [{r.name}]({r.homepage}) | {r.licence} |\n" for r in rows)
            )
    return "".join([*parts, _FOOT])


def main() -> int:
    """Write docs/licences.md; exit code 1 if a package declares no licence."""
    licences = list_licences()
    unknown = [each.name for rows in licences.values() for each in rows if not each.licence]
    if unknown:
        print(
            f"These packages declare no licence: {', '.join(unknown)}. Read theirs, and add it to _READ.",
            file=sys.stderr,
        )
        return 1
    PAGE.write_text(format_page(licences), "utf-8")
    print(f"{sum(map(len, licences.values()))} packages in {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
