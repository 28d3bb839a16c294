"""A knowledge base's own synonyms: the words readers use that articles do not.

One group per line; `#` starts a comment:

    refund, money back, reimbursement      each finds the others
    wifi => wlan, wireless network         only the left finds the right
"""

from __future__ import annotations

from dataclasses import dataclass

from kbtool.core.errors import KbError


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word or phrase that readers type, and what else it should find."""

    term: str
    others: tuple[str, ...]


def parse(text: str, *, where: str = "synonyms.txt") -> list[Synonym]:
    """The synonyms of a file; every line that says nothing is an error, all named at once.

    >>> parse("wifi => wlan")
    [Synonym(term='wifi', others=('wlan',))]
    """
    found: list[Synonym] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        rule = line.partition("#")[0].strip()
        if not rule:
            continue
        left, arrow, right = rule.partition("=>")
        terms, others = _terms(left), _terms(right)
        if arrow and terms and others:
            found += [Synonym(term, others) for term in terms]
        elif not arrow and len(terms) > 1:
            found += [Synonym(term, tuple(other for other in terms if other != term)) for term in terms]
        else:
            wrong.append(str(number))
    if wrong:
        raise KbError(
            f"lines that name no synonyms: {', '.join(wrong)}",
            where=where,
            hint="write 'refund, money back' or 'wifi => wlan'",
        )
    return found


def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for part in text.split(",") if (term := " ".join(part.split()))))
