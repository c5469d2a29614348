r"""Resolve the template tags of a text that only make a link, a picture or code; list all others.

Liquid and Nunjucks (`{% … %}`, `{{ … }}`), Hugo (`{{< … >}}`, `{{% … %}}`) and Zola (`{{ name(…) }}`). Nothing is
run. What a generator protects from itself (`{% raw %}`, `{{</* … */>}}`) becomes the text it protects.

Control characters, which no decoded source holds, mark places: `\x01` a brace that is only text, `\x02` a link that
is final, `\x03` the old site's base path.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from generator.importers.code_spans import TextPiece, outside_code
from generator.importers.import_model import Generator, ImportedPost, Note, Topic
from generator.importers.snippets import HtmlBlocks

BRACE, FINAL, BASE = "\x01", "\x02", "\x03"

_RAW = re.compile(
    r"\{%-?\s*(raw|endraw|verbatim|endverbatim|comment|endcomment|endhighlight|highlight\b[^%]*+)\s*-?%\}"
)
_RAW_MARK = re.compile(r"\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}")
_HUGO_HIGHLIGHT = re.compile(r"\{\{[<%]\s*(/?highlight\b[^<>{}]*+)\s*[>%]\}\}")
_ESCAPED = re.compile(r"\{\{([<%])/\*((?:[^*]|\*(?!/))*+)\*/([>%])\}\}")
_TAG = re.compile(
    r"\{%-?\s*(?P<rest>(?P<tag>[\w/-]+)(?P<args>(?:[^%{]|%(?!\})|\{(?!%))*+))%\}"
    r"|\{\{[<%]-?\s*(?P<short>/?\s*[\w./-]+)(?P<params>(?:[^{}>%]|[>%](?!\}\})|\{(?!\{)|\}(?!\}))*+)[>%]\}\}"
    r"|\{\{(?P<output>(?:[^{}]|\}(?!\}))*+)\}\}"
)
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*[=:]\s*)?(?:\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>(?:[^'\\]|\\.)*+)'"
    r"|`(?P<tick>[^`]*+)`|(?P<bare>[^\s\"',`]+))"
)
_FUNCTION = re.compile(r"([\w-]+)\s*\(((?:[^()\"']|\"[^\"]*\"|'[^']*')*+)\)")
_MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TagCall:
    """A tag with its arguments in order and by name (small letters). `html`: it stands in an HTML block."""

    name: str
    args: tuple[str, ...]
    named: Mapping[str, str]
    html: bool = False

    def value(self, *names: str) -> str:
        """Give the first named argument that is not empty."""
        return next((self.named[name] for name in names if self.named.get(name)), "")


@dataclass(frozen=True, slots=True)
class TagContext:
    """What tags may know: the post, what stands in the old site's settings, and how to find other sources.

    `post(reference)` gives a final link to an imported source, "" if it is none; `beside(name)` the file of the
    bundle with that name or stem, else "".
    """

    draft: ImportedPost
    settings: Mapping[str, str]
    post: Callable[[str], str]
    beside: Callable[[str], str]
    notes: list[Note] = field(default_factory=list)


Resolve = Callable[[TagCall, TagContext], str | None]


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who resolves what: each gives a text, or None to leave a tag as it is."""

    tag: Resolve
    shortcode: Resolve
    output: Callable[[str, TagContext], str | None]


def resolve_tags(text: str, scope: TagContext, handlers: Handlers) -> str:
    """Resolve the tags of a source's text; those that nobody resolves stay, and are noted with their line.

    Only what the source's own generator would read is a tag: `{{ x }}` is plain text in a post of Hugo's.
    """
    if "{" not in text or scope.draft.shape is Generator.PELICAN:
        return text
    text = _protect(text, scope)
    lines = _Lines(text, scope.draft.body_line)
    blocks = HtmlBlocks(text)

    def one(match: re.Match[str], start: int) -> str:
        place = start + match.start()
        made = _made(match, scope, handlers, html=scope.draft.html or blocks.within(place))
        if made is not None:
            return made
        if _is_tag(match, scope.draft.shape) and not _closes(match):
            scope.notes.append(Note(Topic.TEMPLATE, _shown(match), scope.draft.origin.path, lines.at(place)))
        return match[0].replace("{", BRACE)

    def change(piece: TextPiece) -> str:
        return _TAG.sub(lambda match: one(match, piece.start), piece.text) if "{" in piece.text else piece.text

    return change(TextPiece(0, text, False)) if scope.draft.html else outside_code(text, change)


def _is_tag(match: re.Match[str], shape: Generator) -> bool:
    """Tell whether the source's generator would take this for a tag."""
    if shape is Generator.HUGO:
        return match["short"] is not None
    if shape is Generator.ZOLA:
        return (
            match["short"] is None
            and _FUNCTION.fullmatch((match["output"] or match["rest"] or "").strip("- \n")) is not None
        )
    return match["short"] is None


def _closes(match: re.Match[str]) -> bool:
    """Tell whether a tag only ends what another began."""
    return (match["tag"] or "").startswith("end") or (match["short"] or "").startswith("/")


def _made(match: re.Match[str], scope: TagContext, handlers: Handlers, *, html: bool) -> str | None:
    shape = scope.draft.shape
    if not _is_tag(match, shape):
        return None
    if shape is Generator.HUGO:
        call = call_of(match["short"], match["params"].rstrip("/ \n"), html=html)
        return handlers.shortcode(call, scope)
    if shape is Generator.ZOLA:
        function = _FUNCTION.fullmatch((match["output"] or match["rest"] or "").strip("- \n"))
        return handlers.shortcode(call_of(function[1], function[2], html=html), scope) if function else None
    if match["output"] is not None:
        return handlers.output(match["output"].strip("- \t\n"), scope)
    return handlers.tag(call_of(match["tag"], match["args"].rstrip("- \n"), html=html), scope)


def _shown(match: re.Match[str]) -> str:
    """Name a tag so that equal ones are listed together: `{% image … %}`, `{{ … | team_link }}`."""
    if match["tag"] is not None:
        return f"`{{% {match['tag']} … %}}`"
    if match["short"] is not None:
        return f"`{{{{< {''.join(match['short'].split())} … >}}}}`"
    value, *filters = (part.strip() for part in match["output"].strip("- \n").split("|"))
    value = "…" if value[:1] in ("'", '"') else " ".join(value.split())[:_MAX_SHOWN]
    names = (re.match(r"[\w.]*", each) for each in filters)
    return f"`{{{{ {' | '.join([value, *(name[0] for name in names if name)])} }}}}`"


def finish(text: str) -> str:
    """Turn the marks into what they stand for, when links are done."""
    text = re.sub(f"{BASE}+(?=/)", "", text)
    return re.sub(f"{BASE}+", "/", text).replace(BRACE, "{").replace(FINAL, "")


def call_of(name: str, written: str, *, html: bool = False) -> TagCall:
    """Read a tag's arguments: `"text"`, `key="text"`, `key=word`, `key: "text"`, in any order."""
    args: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(written):
        quoted = next((match[kind] for kind in ("double", "single", "tick") if match[kind] is not None), None)
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match["bare"]
        if match["key"]:
            named.setdefault(match["key"].lower(), value)
        else:
            args.append(value)
    return TagCall("".join(name.split()), tuple(args), named, html)


class _Lines:
    """Line numbers of places in a text."""

    def __init__(self, text: str, first: int) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._first = first

    def at(self, place: int) -> int:
        return bisect_right(self._ends, place - 1) + self._first


def _protect(text: str, scope: TagContext) -> str:
    """Take off the protection of raw text, turn highlighted code into fences, and drop comments.

    The number of lines stays, so that places keep theirs.
    """
    if scope.draft.shape is Generator.HUGO:
        text = _ESCAPED.sub(lambda m: f"{BRACE}{BRACE}{m[1]}{m[2]}{m[3]}}}}}", text) if "/*" in text else text
        return "".join(_sections(text, _HUGO_HIGHLIGHT, scope)) if "highlight" in text else text
    liquid = scope.draft.shape in (Generator.JEKYLL, Generator.PLAIN)
    return "".join(_sections(text, _RAW, scope)) if liquid and "{%" in text else text


def _sections(text: str, marks: re.Pattern[str], scope: TagContext) -> Iterator[str]:
    """Give the text with its outermost protected sections resolved; one that is never closed stays as it is."""
    at = 0
    opened: re.Match[str] | None = None
    for match in marks.finditer(text):
        kind, _, rest = match[1].strip().partition(" ")
        if opened is None:
            if kind in ("raw", "verbatim", "comment") or (kind == "highlight" and rest.strip()):
                yield text[at : match.start()]
                opened, at = match, match.start()
        elif kind in (f"end{opened[1].split()[0]}", f"/{opened[1].split()[0]}"):
            yield _section(opened[1].split(), text[opened.end() : match.start()], scope)
            opened, at = None, match.end()
    yield text[at:]


def _section(words: list[str], inner: str, scope: TagContext) -> str:
    if words[0] == "comment":
        scope.notes.append(Note(Topic.ATTRIBUTE, "A comment of the template's.", scope.draft.origin.path))
        return "\n" * inner.count("\n")
    if words[0] != "highlight":
        return inner.replace("{", BRACE)
    inner = _RAW_MARK.sub("", inner).replace("{", BRACE)
    language = re.sub(r"[^\w+#.-]", "", words[1])
    if scope.draft.html:
        return f'<pre><code class="language-{language}">{escape(inner.strip(chr(10)))}</code></pre>'
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    head, foot = "" if inner.startswith("\n") else "\n", "" if re.search(r"\n[ \t>]*$", inner) else "\n"
    return f"{fence}{language}{head}{inner}{foot}{fence}"
