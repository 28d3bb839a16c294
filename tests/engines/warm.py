"""Imported once by the server that killed runs are forked from, so that a run costs its work and not its imports."""

from __future__ import annotations

from fault_server import Server

import kbtool.commands.translate
from kbtool.core.render import Renderer
from kbtool.engines import shim
from kbtool.engines.detect import language

language("a text in some language", "en", "de")
shim.library("google").GoogleTranslator(source="en", target="de")
Warm = (Server, kbtool.commands.translate, Renderer)
