"""Modules of Python that others import and hardly ever use: loaded when the first thing of them is asked for.

Every start would load all of e-mail for the headers of packages' descriptions, which nobody reads, and HTTP and TLS for
two functions that turn paths into addresses: a tenth of what a build imports.
"""

from __future__ import annotations

import importlib
import sys
import urllib  # noqa: F401 – empty, and there when a part of it is to be found in it
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: modules that nothing is taken from while others are imported, but functions, by these names
LATE: Mapping[str, tuple[str, ...]] = {
    "csv": (),  # importlib.metadata: lists of a package's files
    "difflib": (),  # settings: what a misspelt key should be
    "importlib.metadata._adapters": (),  # importlib.metadata: a package's description, which is an e-mail
    "ipaddress": (),  # urllib.parse: addresses in brackets
    "linecache": (),  # inspect, traceback: sources
    "tokenize": (),  # inspect: sources
    "urllib.request": ("pathname2url", "url2pathname"),  # pymdownx
}


class Late(ModuleType):
    """Stands for a module until something of it is asked for, or one of its `functions` is called."""

    def __init__(self, name: str, functions: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)  # there, or Python would ask for it with each import
        for function in functions:
            setattr(self, function, _late_function(self, function))

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # Python asks whether it is a package
            raise AttributeError(name)
        return getattr(loaded(self), name)


def import_late(names: Mapping[str, tuple[str, ...]] = LATE) -> None:
    """Have modules that are not there yet loaded when they are used."""
    for name in names.keys() - sys.modules.keys():
        sys.modules[name] = late = Late(name, names[name])
        package, _, own = name.rpartition(".")
        if package in sys.modules:
            setattr(sys.modules[package], own, late)


def loaded(late: Late) -> ModuleType:
    """The module that it stands for; those who hold it already find the module's contents in it."""
    name = late.__name__
    if sys.modules.get(name) is late:
        del sys.modules[name]
    module = importlib.import_module(name)
    vars(late).update(vars(module))
    return module


def _late_function(late: Late, name: str) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        return getattr(loaded(late), name)(*args, **options)

    return call
