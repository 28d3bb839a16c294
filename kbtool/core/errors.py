"""What can go wrong, said so that a person can mend it."""

from __future__ import annotations


class KbError(Exception):
    """Something a person can mend: what is wrong, where, and what to do next.

    The roof (`kbtool.cli`) prints it and ends with `exit_code`; nothing below the roof prints or exits.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where  #: a file, `file:line`, or a settings key
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} ({self.where})" if self.where else self.what


class UsageError(KbError):
    """The command line or the settings are wrong: exit code 2."""

    exit_code = 2


class Busy(KbError):
    """Another run holds the lock of this knowledge base: exit code 75 (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75


class MaskError(KbError):
    """A translated segment does not have its placeholders exactly once and well nested."""


class Refused(KbError):
    """An article or reply that kbtool will not take: too large, not UTF-8, too deeply nested …"""
