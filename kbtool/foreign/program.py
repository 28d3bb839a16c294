"""The program in which a source keeps its settings: read, never run."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from kbtool.foreign import jsdata
from kbtool.foreign.tree import Tree


@dataclass(frozen=True, slots=True)
class Program:
    """A file such as `docusaurus.config.js`; without one, everything about it is empty."""

    file: str
    text: str

    @classmethod
    def of(cls, tree: Tree, name: re.Pattern[str]) -> Program:
        """The one of that name that lies nearest to the top."""
        found = (file for file in tree.files if name.match(posixpath.basename(file)))
        file = min(found, key=lambda file: (file.count("/"), file), default="")
        return cls(file, tree.program(file) if file else "")

    @property
    def base(self) -> str:
        """The folder that it lies in."""
        return posixpath.dirname(self.file)

    @property
    def read(self) -> set[str]:
        """The files that it is."""
        return {self.file} - {""}

    def words(self, key: str, otherwise: str = "") -> str:
        """A setting that is a text."""
        return words(jsdata.value_of(self.text, key), otherwise)

    def table(self, key: str) -> dict[str, object]:
        """A setting that is an object; empty where it is none."""
        return next((v for v in jsdata.values_of(self.text, key) if isinstance(v, dict)), {})


def words(value: object, otherwise: str = "") -> str:
    """A value that is a text with something in it, else another one."""
    return value if isinstance(value, str) and value else otherwise
