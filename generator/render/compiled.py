"""Templates that were compiled before: Jinja's parser and generator take ten times as long as the code they produce.

The wheel has the default themes' templates as Python source (`compiled.json`), which is used under the versions of
Jinja and MarkupSafe that produced it. The state has the code of all others: see `engine/compiled_templates.py`.
"""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import jinja2
import msgspec
from jinja2.bccache import Bucket
from msgspec import Struct, field

from generator.digest import digest, digest_bytes
from generator.errors import ProblemCollector
from generator.render.jinja_options import make_environment
from generator.theming.layers import ThemeLayer
from generator.theming.templates import Named, find_named
from generator.theming.theme_files import read_templates
from generator.versions import versions

FILE = Path(__file__).with_name("compiled.json")
"""What comes with the wheel. A checkout has no such file."""
_CODE = ("compiled.py", "fast.py", "jinja_options.py")
_MOST = 2_000
_of_process: dict[str, bytes] = {}
"""What this process has compiled: `build --verify` and the like build with several engines."""


class CompiledTheme(Struct, frozen=True):
    """The templates of themes as Python source, by `source_key`, and what each names, by the digest of its text.

    `made_by` names everything that the source depends on beside the templates.
    """

    made_by: tuple[str, ...]
    sources: Mapping[str, str]
    named: Mapping[str, Named]


class KnownTemplates(Struct):
    """Compiled templates: `codes` are marshalled code objects by `code_key`; `named` as in `CompiledTheme`.

    `fresh` is True if something was added to them. Only `codes` of our own making may ever be put here: they are run.
    """

    codes: dict[str, bytes] = field(default_factory=dict)
    named: dict[str, Named] = field(default_factory=dict)
    fresh: bool = False


class CompiledTemplates(jinja2.BytecodeCache):
    """Gives Jinja the code of templates that were compiled before, and keeps what it compiles now.

    A template that has the name of one of `filters` in it is always compiled: those are of extensions, and Jinja
    applies a filter to a constant while it compiles.
    """

    def __init__(self, known: KnownTemplates, filters: Collection[str]) -> None:
        self.known = known
        self._filters = tuple(filters)

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Find the code of a template; see the base class."""
        bucket = Bucket(environment, "", "")
        if any(each in source for each in self._filters):
            return bucket
        bucket.key = code_key(filename or name, name, source)
        data = self.known.codes.get(bucket.key)
        if data is None and (data := _of_process.get(bucket.key)) is not None:
            self._keep(bucket.key, data)
        if data is not None:
            bucket.code = marshal.loads(data)  # noqa: S302 (see `KnownTemplates`)
        elif (shipped := _shipped().get(source_key(name, source))) is not None:
            bucket.code = compile(shipped, filename or name, "exec", dont_inherit=True)
            self.set_bucket(bucket)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        """Keep the code of a template; see the base class."""
        if bucket.key:
            data = marshal.dumps(bucket.code)
            self._keep(bucket.key, data)
            if len(_of_process) < _MOST:
                _of_process[bucket.key] = data

    def _keep(self, key: str, data: bytes) -> None:
        self.known.codes[key] = data
        self.known.fresh = True


def forget_compiled() -> None:
    """Forget what this process has compiled, and what it has read of the wheel: for measurements, and tests."""
    _of_process.clear()
    _shipped_theme.cache_clear()
    find_named.cache_clear()


def code_key(path: str, name: str, text: str) -> str:
    """Name the code of a template: tracebacks show its path, and its name says whether it escapes values."""
    return digest(path, name, text)


def source_key(name: str, text: str) -> str:
    """Name the generated source of a template, which has no path."""
    return digest(name, text)


def encode_themes(folders: Iterable[Path]) -> bytes:
    """Compile the templates of themes, for the wheel. Raises: jinja2.TemplateSyntaxError."""
    environment, sources, named = make_environment(jinja2.DictLoader({})), {}, {}
    for folder in folders:
        for name, template in read_templates(ThemeLayer(folder.name, folder, ""), ProblemCollector()).items():
            text = template.text
            sources[source_key(name, text)] = environment.compile(text, name, raw=True)
            named[digest_bytes(text.encode())] = find_named(text)
    return msgspec.json.encode(CompiledTheme(tuple(made_by()), sources, named))


def made_by() -> list[str]:
    """List what generated source depends on: the libraries' versions, and our code that writes it."""
    code = [digest_bytes(FILE.with_name(name).read_bytes()) for name in _CODE]
    return [*versions("jinja2", "markupsafe"), *code]


def shipped_names() -> Mapping[str, Named]:
    """Return what the templates that come with the wheel name, by the digest of their text."""
    theme = _shipped_theme()
    return theme.named if theme else {}


def _shipped() -> Mapping[str, str]:
    theme = _shipped_theme()
    return theme.sources if theme else {}


@cache
def _shipped_theme() -> CompiledTheme | None:
    """Read what comes with the wheel; None if there is nothing, or other versions made it."""
    try:
        theme = msgspec.json.decode(FILE.read_bytes(), type=CompiledTheme)
    except (OSError, msgspec.MsgspecError):
        return None
    return theme if theme.made_by == tuple(made_by()) else None
