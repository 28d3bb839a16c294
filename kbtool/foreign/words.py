"""What MDX writes within lines, as Markdown: tags, comments, heading ids, bare addresses; code spans stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kbtool.foreign.jsdata import Code
from kbtool.foreign.jsx import Tag, tag_at

Note = Callable[[str], None]
#: what an inline component becomes; None for what the reader does not know
Known = Callable[[Tag], str | None]

_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
_HEADING_ID = re.compile(
    r"^(#{1,6}[ \t].*?)[ \t]*(?:\\?\{[ \t]*#([\w.:-]+)[ \t]*\\?\}|\{/\*[ \t]*#([\w.:-]+)[ \t]*\*/\})[ \t]*$"
)
_COMMENT = re.compile(r"\{/\*(.*?)\*/\}", re.S)
_BARE = re.compile(r"(?<![\w(<\[\"'=/`@])https?://[^\s<>()\[\]`\"'{}|]*[\w/](?=[\s.,;:!?)]|$)")
_EXPRESSION = re.compile(r"(?<![\\$\w])\{(?![#:%{/])[ \t]*[A-Za-z_][^{}\n]*\}")
_CLOSING = re.compile(r"</([A-Za-z][\w.]*)\s*>")
_ESCAPED = re.compile(r"\\([<{}])")
#: tags that Markdown renderers pass on and that can do no harm; their attributes are looked at one by one
PLAIN = frozenset({
    "a", "abbr", "b", "bdi", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "s", "samp", "section", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
})  # fmt: skip
_ATTRIBUTES = {
    "className": "class", "class": "class", "id": "id", "href": "href", "src": "src", "alt": "alt", "title": "title",
    "width": "width", "height": "height", "colSpan": "colspan", "colspan": "colspan", "rowSpan": "rowspan",
    "rowspan": "rowspan", "align": "align", "start": "start", "dir": "dir", "lang": "lang", "name": "id",
}  # fmt: skip
_ACTIVE = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data):", re.I)


def inline(line: str, note: Note, known: Known) -> str:
    """One line, its code spans untouched."""
    line = _HEADING_ID.sub(lambda m: f"{m[1]} {{ #{m[2] or m[3]} }}", line)
    if line.endswith("\\") and not line.endswith("\\\\"):
        line = line[:-1].rstrip() + "  "  # a line break, which Python-Markdown writes with two blanks
    out, at = [], 0
    for code in _CODE.finditer(line):
        out += [_words(line[at : code.start()], note, known), code[0]]
        at = code.end()
    return "".join([*out, _words(line[at:], note, known)])


def _words(text: str, note: Note, known: Known) -> str:
    if "{" in text:
        text = _COMMENT.sub(lambda m: comment(m[1]), text)
        for expression in _EXPRESSION.findall(re.sub(r"<[^>]*>", "", text)):
            note(f"an expression that only the old site could work out: {expression}")
    text = _BARE.sub(r"<\g<0>>", text)
    if "<" not in text:
        return text
    return _tags(text, note, known)


def _tags(text: str, note: Note, known: Known) -> str:
    out: list[str] = []
    at = 0
    for found in re.finditer(r"\\[<{}]|<!--.*?-->|</?[A-Za-z]", text):
        if found.start() < at:
            continue
        out.append(text[at : found.start()])
        at = found.start()
        if found[0].startswith("\\"):
            out.append("&lt;" if found[0] == "\\<" else found[0])
            at = found.end()
        elif closing := _CLOSING.match(text, at):
            out.append(closing[0] if closing[1] in PLAIN else "")
            at = closing.end()
        elif tag := tag_at(text, at):
            out.append(_tag(tag, text[at : tag.end], note, known))
            at = tag.end
    out.append(text[at:])
    return "".join(out)


def _tag(tag: Tag, written: str, note: Note, known: Known) -> str:
    replaced = known(tag)
    if replaced is not None:
        return replaced
    if tag.name in PLAIN:
        return html(tag, note)
    if tag.empty or tag.name in ("script", "style"):
        note(f"the component <{tag.name}> is kept as code")
        return f"`{' '.join(written.split()).replace('`', '')}`"
    note(f"the component <{tag.name}> is unknown; what stands in it is kept as text")
    return ""


def html(tag: Tag, note: Note) -> str:
    """A plain tag with the attributes that mean the same everywhere, or an image as Markdown."""
    kept: dict[str, str] = {}
    for name, value in tag.attributes.items():
        to = _ATTRIBUTES.get(name)
        if name == "style" or (to and isinstance(value, Code)):
            note(f"{name} of <{tag.name}> is not carried over: {value.text if isinstance(value, Code) else value}")
        elif to is None or (isinstance(value, str) and _ACTIVE.match(value)):
            if name not in ("key", "ref", "loading", "decoding", "target", "rel", "open", "type"):
                note(f"{name} of <{tag.name}> is not carried over")
        else:
            kept[to] = "" if value is True else str(value)
    if tag.name == "img":
        return picture(kept)
    attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in kept.items())
    return f"<{tag.name}{attributes}{' /' if tag.empty else ''}>"


def picture(attributes: Mapping[str, str]) -> str:
    """An image in Markdown, its size kept."""
    alt = attributes.get("alt", "").replace("[", "(").replace("]", ")")
    size = " ".join(f'{k}="{_quoted(attributes[k])}"' for k in ("width", "height") if attributes.get(k))
    target = attributes.get("src", "").replace(" ", "%20")
    return f"![{alt}]({target})" + (f"{{ {size} }}" if size else "") if target else alt


def comment(text: str) -> str:
    """Text that writers see and readers do not."""
    return f"<!-- {text.strip().replace('--', '‐‐')} -->"


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
