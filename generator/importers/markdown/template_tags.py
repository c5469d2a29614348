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

from generator.importers.import_model import Note, Topic
from generator.importers.marks import BRACE, TICK
from generator.importers.reader import References
from generator.importers.snippets import HtmlBlocks, set_blocks_off
from generator.markup.code_spans import TextPiece, split_code

if TYPE_CHECKING:
    from generator.importers.markdown.dialect import Dialect
    from generator.importers.markdown.markdown_post import MarkdownPost

TagMatch = re.Match[str]
"""A match of a tag: `tag` with `args` and `rest`, `short` with `params`, `output`, or `broken`; the others are None.

`broken` names a shortcode that is never closed.
"""

RAW_SECTIONS = re.compile(
    r"\{%-?\s*(raw|endraw|verbatim|endverbatim|comment|endcomment|endhighlight|highlight\b[^%]*+)\s*-?%\}"
)
_INLINE_COMMENT = re.compile(r"\{#(?=\s)[^\n]*?#\}|\{%-?\s*#[^\n]*?%\}")
"""A comment of Nunjucks or Liquid; `{#id}` is none."""

_RAW_MARK = re.compile(r"\{%-?\s*(?:end)?(?:raw|verbatim)\s*-?%\}")
_TAG = re.compile(
    r"\{%-?\s*(?P<rest>(?P<tag>[\w/-]+)(?P<args>(?:[^%{]|%(?!\})|\{(?!%))*+))%\}"
    r"|\{\{[<%]-?\s*(?P<short>/?\s*[\w./-]+)(?P<params>(?:"
    r"\"(?:[^\"\\\n>%{]|\\.|[>%](?!\}\})|\{(?!\{[<%]))*+\"|[`\x04](?:[^`\x04>%{]|[>%](?!\}\})|\{(?!\{[<%]))*+[`\x04]"
    r"|[^{}>%]|[>%](?!\}\})|\{(?!\{)|\}(?!\}))*+)[>%]\}\}"
    r"|\{\{(?P<output>(?:[^{}]|\}(?!\}))*+)\}\}"
    r"|\{\{[<%](?P<broken>\s*/?\s*[\w./-]+)"
)
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*[=:]\s*)?(?:\"(?P<double>(?:[^\"\\]|\\.){0,2000}+)\"|'(?P<single>(?:[^'\\]|\\.){0,2000}+)'"
    r"|[`\x04](?P<tick>[^`\x04]*+)[`\x04]|(?P<bare>[^\s\"',`\x04]+))"
)
_MAX_SHOWN = 60
_MAX_ARGUMENTS_CHARS = 10_000


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
    text = _shield_ticks(text, dialect)
    pieces = [TextPiece(0, text, False)] if context.post.html else list(split_code(text))
    resolver = _TagResolver(text, context)
    return set_blocks_off("".join(resolver.resolve_piece(piece) for piece in pieces))


class _TagResolver:
    """Resolves the tags of one text, in order."""

    def __init__(self, text: str, context: TagContext) -> None:
        self._context = context
        self._post = context.post
        self._lines = _Lines(text, context.post.body_line)
        self._blocks = HtmlBlocks(text)
        self._resolved: set[str] = set()

    def resolve_piece(self, piece: TextPiece) -> str:
        """Resolve the tags of a piece that is no code; in code, note those that the generator would read."""
        if "{" not in piece.text:
            return piece.text
        if not piece.code:
            return _TAG.sub(lambda match: self._resolve(match, piece.start + match.start()), piece.text)
        for match in _TAG.finditer(piece.text) if self._post.dialect.tags_in_code else ():
            if self._post.dialect.is_tag(match):
                self._note(match, piece.start + match.start())
        return piece.text

    def _resolve(self, match: re.Match[str], place: int) -> str:
        if not self._post.dialect.is_tag(match):
            return match[0].replace("{", BRACE)
        name, closes = _name(match)
        if closes and name in self._resolved:
            return ""
        html = self._post.html or self._blocks.within(place)
        made = None
        if match["broken"] is None:
            made = self._post.dialect.resolve_tag(match, self._context, html=html)
        if made is not None:
            self._resolved.add(name)
            return made
        self._resolved.discard(name)
        self._note(match, place)
        return match[0].replace("{", BRACE)

    def _note(self, match: re.Match[str], place: int) -> None:
        note = Note(Topic.TEMPLATE, _shown(match), self._post.origin.path, self._lines.at(place))
        self._context.notes.append(note)


def _shield_ticks(text: str, dialect: Dialect) -> str:
    """Replace the backticks in tags outside of code with a mark, so that they do not begin code."""
    if "`" not in text:
        return text
    code = [(piece.start, piece.start + len(piece.text)) for piece in split_code(text) if piece.code]

    def one(match: re.Match[str]) -> str:
        at = bisect_right(code, (match.start(), len(text) + 1)) - 1
        inside = at >= 0 and match.start() < code[at][1]
        return match[0] if inside or not dialect.is_tag(match) else match[0].replace("`", TICK)

    return _TAG.sub(one, text)


def _name(match: re.Match[str]) -> tuple[str, bool]:
    """Return the name of a tag, and True if it only closes another one."""
    if match["tag"] is not None:
        return match["tag"].removeprefix("end"), match["tag"].startswith("end")
    name = "".join((match["short"] or match["broken"] or "").split())
    return name.removeprefix("/"), name.startswith("/")


def _shown(match: re.Match[str]) -> str:
    """Shorten a tag so that the report groups similar ones, with those that close them: `{% image … %}`."""
    if match["tag"] is not None:
        return f"`{{% {_name(match)[0]} … %}}`"
    if match["output"] is None:
        return f"`{{{{< {_name(match)[0]} … >}}}}`"
    value, *filters = (part.strip() for part in match["output"].strip("- \n").split("|"))
    value = "…" if value[:1] in ("'", '"') else " ".join(value.split())[:_MAX_SHOWN]
    names = (re.match(r"[\w.]*", each) for each in filters)
    return f"`{{{{ {' | '.join([value, *(name[0] for name in names if name)])} }}}}`"


def parse_call(name: str, written: str, *, html: bool = False) -> TagCall:
    """Parse a tag's arguments: `"text"`, `key="text"`, `key=word`, `key: "text"`, in any order."""
    args: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(written[:_MAX_ARGUMENTS_CHARS]):
        quoted = match["double"] if match["double"] is not None else match["single"]
        value = match["bare"] if match["tick"] is None else match["tick"]
        value = value if quoted is None else re.sub(r"\\(.)", _unescape, quoted).replace(TICK, "`")
        if match["key"]:
            named.setdefault(match["key"].lower(), value)
        else:
            args.append(value)
    return TagCall("".join(name.split()), tuple(args), named, html)


def _unescape(match: re.Match[str]) -> str:
    return " " if match[1] in "nrt" else match[1]


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
        kind, _, rest = match[1].replace("/ ", "/").strip().partition(" ")
        if opened is None:
            if kind in ("raw", "verbatim", "comment") or (kind == "highlight" and rest.strip()):
                yield text[at : match.start()]
                opened, at = match, match.start()
        elif kind in (f"end{opened[1].split()[0]}", f"/{opened[1].split()[0]}"):
            yield _section(opened[1].split(), text[opened.end() : match.start()], context)
            opened, at = None, match.end()
    yield text[at:]


def drop_inline_comments(text: str, context: TagContext) -> str:
    """Remove comments that begin and end on one line."""
    if not _INLINE_COMMENT.search(text):
        return text
    context.notes.append(_comment_note(context))
    return _INLINE_COMMENT.sub("", text)


def _section(words: list[str], inner: str, context: TagContext) -> str:
    if words[0] == "comment":
        context.notes.append(_comment_note(context))
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


def _comment_note(context: TagContext) -> Note:
    return Note(Topic.ATTRIBUTE, "A template comment.", context.post.origin.path)
