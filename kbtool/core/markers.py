"""What lines begin with when they are not simply prose; for lines without white space at their end."""

from __future__ import annotations

import re

from kbtool.core import html

ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]|#\.)(?:[ \t]+(?=\S)|[ \t]*$)")
TASK = re.compile(r"\[[ xX]\][ \t]+")
RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
HEADING = re.compile(r"(#{1,6})(?!#)[ \t]*")
HEADING_ATTRIBUTES = re.compile(r"\{(?![{%])[^{}]*\}$")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]*(?:[\w-]+(?:[ \t]+[\w-]+)*)?(?:[ \t]+\"(?P<title>.*)\")?[ \t]*$")
TAB = re.compile(r"===[+!]*[ \t]+\"(?P<title>.*)\"[ \t]*$")
BLOCK = re.compile(r"/{3,}[ \t]*(?:(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*(?P<title>.*))?)?$")
#: PyMdown blocks whose argument is not a title
ARGUMENT = frozenset(["html", "caption", "figure-caption", "table-caption", "define"])
CONTAINER = re.compile(
    r""":{3,}[ \t]*(?P<name>[\w.:-]+)?(?:\[(?P<label>[^\]]*)\])?(?:[ \t]{0,9}\{[^{}]*\})?
    (?:[ \t]{1,9}(?P<title>[^{}]{1,300}?))?(?:[ \t]{0,9}\{[^{}]*\})?$""",
    re.VERBOSE,
)
DEFINITION = re.compile(r":[ \t]{1,3}(?=\S)")
FOOTNOTE = re.compile(r"\[\^[^\]\n]+\]:[ \t]*")
_TITLE = r"""(?:"(?P<double>.*)"|'(?P<single>.*)'|\((?P<round>.*)\))"""
REFERENCE = re.compile(
    rf"\[(?P<label>[^\[\]\n]+)\]:[ \t]*(?P<target><[^<>\n]*>|[^\s]+)?(?:(?<=\S)[ \t]+{_TITLE})?[ \t]*$"
)
TARGET = re.compile(rf"(?:<[^<>\n]*>|[^\s\[]\S*)(?:[ \t]+{_TITLE})?[ \t]*$")
REFERENCE_TITLE = re.compile(rf"{_TITLE}[ \t]*$")
ABBREVIATION = re.compile(r"\*\[(?P<label>[^\]\n]+)\]:[ \t]*(?P<text>.*)$")
CALLOUT = re.compile(r"\[!(?P<name>[\w-]+)\][+-]?[ \t]*(?P<title>.*)$")
ATTRIBUTES = re.compile(r"\{(?![{%*!])[ ]*(?::|[#.][^\s{}]|[\w-]+=|[\w-]+[ ]*\})[^{}\n]*\}?[ \t]*$")
ATTRIBUTE_TAIL = re.compile(r"\n[ \t]*+\{[^{}\n]*\}$")
SNIPPET = re.compile(r";*-{1,}8<-{1,}|\{!|@include|!include|<<<<<<<|>>>>>>>(?: |$)|=======$|\|\|\|\|\|\|\|")
MODULE = re.compile(r"(?:import|export)[ \t].*(?:[\"'][^\"']*[\"'];?|=.*|\{)[ \t]*$")
MACRO_LINE = re.compile(r"(?:\{%.*%\}|\{\{[<%].*[>%]\}\}|\{[*!].*\}|\{\{.*\}\})[ \t]*$")
MACRO_BLOCK = re.compile(r"(?:\{%-?|\{\{[<%])[ \t]*(?P<name>[\w-]+)")
#: macros whose inside is not prose
RAW_MACROS = frozenset(
    ["comment", "highlight", "mermaid", "configuration", "code", "codeblock", "raw", "verbatim", "math", "katex"]
)
DELIMITERS = re.compile(r"[|:\- \t]+$")
FENCE = re.compile(r"(`{3,}|~{3,})")
MATH = re.compile(r"\$\$|\\\[|\\begin\{")
BLOCK_TAG = re.compile(r"<(?:!--|[?]|![A-Za-z]|/?(?P<name>[A-Za-z][\w.:-]*)(?=[\s/>]|$))")

_INTERRUPTS = re.compile(
    r"""\#{1,6}(?!\#) | > | [-*+](?:[ \t]+\S|$) | 1[.)][ \t]+\S | (?P<number>\d{1,9}[.)][ \t]+\S)
    | !!![ \t]?[\w"-] | \?{3} | ===[+!]*[ \t]+" | /{3,}[ \t]*(?:[\w-]+[ \t]*(?:\||$)|$) | :{3,}
    | \[\^[^\]\n]+\]: | \[[^\[\]\n]+\]:[ \t] | \*\[[^\]\n]+\]:
    | -+8<- | <<<<<<<|=======$|>>>>>>> | \$\$ | (?:={3,}|_[_ ]+_)[ \t]*$""",
    re.VERBOSE,
)


def interrupts(content: str, *, in_list: bool) -> bool:
    """Whether a line cannot go on with the paragraph above it."""
    first = content[0]
    if first.isalnum() and not first.isdigit():
        return False
    if first == "<":
        return block_tag(content)
    if first == "{":
        return bool(ATTRIBUTES.match(content) or MACRO_LINE.match(content))
    if first == "*" and RULE.match(content):
        return True
    found = _INTERRUPTS.match(content)
    return bool(found) and (in_list or not found["number"])  # type: ignore[index]


def block_tag(content: str) -> bool:
    """Whether a line begins with a tag that stands between paragraphs, or with a comment."""
    found = BLOCK_TAG.match(content)
    if found is None:
        return False
    name = found["name"]
    return name is None or html.is_block(name)
