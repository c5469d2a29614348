r"""Resolve template tags that only make a link, a picture or code; note all others.

Liquid and Nunjucks (`{% … %}`, `{{ … }}`), Hugo (`{{< … >}}`, `{{% … %}}`) and Zola (`{{ name(…) }}`). No template is
run. Escaped tags (`{% raw %}`, `{{</* … */>}}`) become plain text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from generator.importers.code_spans import TextPiece, change_outside_code
from generator.importers.import_model import Note, Topic
from generator.importers.marks import BRACE
from generator.importers.reader import References
from generator.importers.snippets import HtmlBlocks

if TYPE_CHECKING:
    from generator.importers.markdown.markdown_post import MarkdownPost

TagMatch = re.Match[str]
"""A match of a tag: `tag` with `args` and `rest`, `short` with `params`, or `output`; the others are None."""

RAW_SECTIONS = re.compile(
    r"\{%-?\s*(raw|endraw|verbatim|endverbatim|comment|endcomment|endhighlight|highlight\b[^%]*+)\s*-?%\}"
)
_RAW_MARK = re.compile(r"\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}")
_TAG = re.compile(
    r"\{%-?\s*(?P<rest>(?P<tag>[\w/-]+)(?P<args>(?:[^%{]|%(?!\})|\{(?!%))*+))%\}"
    r"|\{\{[<%]-?\s*(?P<short>/?\s*[\w./-]+)(?P<params>(?:[^{}>%]|[>%](?!\}\})|\{(?!\{)|\}(?!\}))*+)[>%]\}\}"
    r"|\{\{(?P<output>(?:[^{}]|\}(?!\}))*+)\}\}"
)
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*[=:]\s*)?(?:\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>(?:[^'\\]|\\.)*+)'"
    r"|`(?P<tick>[^`]*+)`|(?P<bare>[^\s\"',`]+))"
)
_MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TagCall:
    """A tag with its arguments in order and by lower-case name. `html`: it is in an HTML block."""

    name: str
    args: tuple[str, ...]
    named: Mapping[str, str]
    html: bool = False

    def value(self, *names: str) -> str:
        """Return the first named argument that is not empty."""
        return next((self.named[name] for name in names if self.named.get(name)), "")


@dataclass(frozen=True, slots=True)
class TagContext:
    """The context of tags: the post, the old site's plain settings, and the lookup of other sources."""

    post: MarkdownPost
    settings: Mapping[str, str]
    references: References
    notes: list[Note] = field(default_factory=list)


def resolve_tags(text: str, context: TagContext) -> str:
    """Resolve the tags of a source's text; leave unknown ones, and note them with their line.

    Only the syntax of the source's own generator counts as a tag.
    """
    dialect = context.post.dialect
    if "{" not in text or not dialect.template_tags:
        return text
    text = dialect.unprotect(text, context)
    lines = _Lines(text, context.post.body_line)
    blocks = HtmlBlocks(text)

    def one(match: re.Match[str], start: int) -> str:
        place = start + match.start()
        if not dialect.is_tag(match):
            return match[0].replace("{", BRACE)
        made = dialect.resolve_tag(match, context, html=context.post.html or blocks.within(place))
        if made is not None:
            return made
        if not _closes(match):
            context.notes.append(Note(Topic.TEMPLATE, _shown(match), context.post.origin.path, lines.at(place)))
        return match[0].replace("{", BRACE)

    def change(piece: TextPiece) -> str:
        return _TAG.sub(lambda match: one(match, piece.start), piece.text) if "{" in piece.text else piece.text

    return change(TextPiece(0, text, False)) if context.post.html else change_outside_code(text, change)


def _closes(match: re.Match[str]) -> bool:
    """Return True if a tag only closes another one."""
    return (match["tag"] or "").startswith("end") or (match["short"] or "").startswith("/")


def _shown(match: re.Match[str]) -> str:
    """Shorten a tag so that the report groups similar ones: `{% image … %}`, `{{ … | team_link }}`."""
    if match["tag"] is not None:
        return f"`{{% {match['tag']} … %}}`"
    if match["short"] is not None:
        return f"`{{{{< {''.join(match['short'].split())} … >}}}}`"
    value, *filters = (part.strip() for part in match["output"].strip("- \n").split("|"))
    value = "…" if value[:1] in ("'", '"') else " ".join(value.split())[:_MAX_SHOWN]
    names = (re.match(r"[\w.]*", each) for each in filters)
    return f"`{{{{ {' | '.join([value, *(name[0] for name in names if name)])} }}}}`"


def parse_call(name: str, written: str, *, html: bool = False) -> TagCall:
    """Parse a tag's arguments: `"text"`, `key="text"`, `key=word`, `key: "text"`, in any order."""
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
    """Line numbers of positions in a text."""

    def __init__(self, text: str, first: int) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._first = first

    def at(self, place: int) -> int:
        return bisect_right(self._ends, place - 1) + self._first


def resolve_sections(text: str, marks: re.Pattern[str], context: TagContext) -> str:
    """Resolve the raw and highlighted sections of a text between `marks`."""
    return "".join(_sections(text, marks, context))


def _sections(text: str, marks: re.Pattern[str], context: TagContext) -> Iterator[str]:
    """Resolve the outermost sections of a text; leave an unclosed one unchanged."""
    at = 0
    opened: re.Match[str] | None = None
    for match in marks.finditer(text):
        kind, _, rest = match[1].strip().partition(" ")
        if opened is None:
            if kind in ("raw", "verbatim", "comment") or (kind == "highlight" and rest.strip()):
                yield text[at : match.start()]
                opened, at = match, match.start()
        elif kind in (f"end{opened[1].split()[0]}", f"/{opened[1].split()[0]}"):
            yield _section(opened[1].split(), text[opened.end() : match.start()], context)
            opened, at = None, match.end()
    yield text[at:]


def _section(words: list[str], inner: str, context: TagContext) -> str:
    if words[0] == "comment":
        context.notes.append(Note(Topic.ATTRIBUTE, "A template comment.", context.post.origin.path))
        return "\n" * inner.count("\n")
    if words[0] != "highlight":
        return inner.replace("{", BRACE)
    inner = _RAW_MARK.sub("", inner).replace("{", BRACE)
    language = re.sub(r"[^\w+#.-]", "", words[1])
    if context.post.html:
        return f'<pre><code class="language-{language}">{escape(inner.strip(chr(10)))}</code></pre>'
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", inner)), default=0))
    head, foot = "" if inner.startswith("\n") else "\n", "" if re.search(r"\n[ \t>]*$", inner) else "\n"
    return f"{fence}{language}{head}{inner}{foot}{fence}"
