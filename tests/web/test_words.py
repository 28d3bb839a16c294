"""The page's texts: the same in every language, none missing, none left over."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from kbtool.core.model import Kind, State
from kbtool.core.verdicts import VERDICTS
from kbtool.web.app import STATIC
from kbtool.web.values import words

STATICS = files("kbtool.web").joinpath("static")
SCRIPTS = "".join(STATICS.joinpath(name).read_text("utf-8") for name in STATIC if name.endswith(".js"))
#: texts that are looked up by a value
BY_VALUE = {
    *(f"state_{state}" for state in State),
    *(f"kind_{kind}" for kind in Kind),
    *(f"did_{verdict}" for verdict in (*VERDICTS, "stands", "save")),
}


@pytest.mark.parametrize("language", words())
def test_every_language_says_everything(language: str) -> None:
    assert words()[language].keys() == words()["en"].keys()
    for key, text in words()[language].items():
        assert text.strip(), key
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", words()["en"][key])), key


def test_every_text_that_is_asked_for_is_there_and_no_other() -> None:
    asked = set(re.findall(r"\"([a-z][a-z_-]*)\"", SCRIPTS)) | BY_VALUE | {"name", "dir"}
    known = words()["en"].keys()
    assert set(re.findall(r"\bsay\(\"([\w-]+)\"", SCRIPTS)) | BY_VALUE <= known
    prefixes = ("why_", "by_", "last_", "key_", "preview_", "filter_")
    assert {key for key in known - asked if not key.startswith(prefixes)} == set()


def test_scripts_never_make_html_of_text() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", SCRIPTS)
    page = STATICS.joinpath("review.html").read_text("utf-8")
    assert not re.search(r"\son\w+=|style=|<style|<script(?! type=\"module\" src=)", page)
