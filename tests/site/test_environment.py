"""Templates get from the quick environment what Jinja's own gives them, and no locale's pages outlive its build."""

from __future__ import annotations

import gc
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
import pytest
from mkdocs.config.base import LegacyConfig
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme

from kbtool.commands.build import build
from kbtool.project import Project
from kbtool.site.mkdocs.environment import quicken
from tests.site.small_site import lay_out

_EXTRA = LegacyConfig(schema=())
_EXTRA["shown"] = 1


class _Odd:
    known = None

    @property
    def failing(self) -> str:
        return self.nowhere  # type: ignore[attr-defined,no-any-return]  # what a property says that fails

    def __getitem__(self, name: str) -> str:
        return f"[{name}]"


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "items": 2, "shown": 0}, {}, MappingProxyType({"a": "", "get": 3}), None, _Odd(), _Odd, dict[str, int],
        Theme(name="mkdocs"), _EXTRA, Section("Money", []), [1], "text", 3, jinja2.Undefined(name="x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "name", ["a", "items", "get", "shown", "known", "failing", "title", "is_page", "locale", "data", "__class__", "x"]
)
def test_an_attribute_is_what_jinja_says(value: Any, name: str) -> None:
    plain, quick = jinja2.Environment(), jinja2.Environment()
    quicken(quick)
    source = f"{{{{ it.{name} }}}} {{{{ it.{name} is defined }}}} {{{{ it.{name} or 'nothing' }}}}"
    assert _shown(quick, source, value) == _shown(plain, source, value)


def _shown(env: jinja2.Environment, source: str, value: Any) -> str:
    try:
        return env.from_string(source).render(it=value)
    except jinja2.UndefinedError as error:
        return str(error)


def test_a_template_is_found_once_and_takes_further_globals() -> None:
    env = jinja2.Environment(loader=jinja2.DictLoader({"a": "{{ b }}"}))
    quicken(env)
    assert env.get_template("a") is env.get_template("a", "other")
    assert env.get_template("a").render() == ""
    assert env.get_template("a", globals={"b": 1}).render() == "1"
    with pytest.raises(jinja2.TemplateNotFound):
        env.get_template("c")
    assert env.get_template(env.get_template("a")) is env.get_template("a")


_PARTS = {
    "main": (
        "{% import 'macros' as with_all with context %}{% import 'macros' as alone %}{% set own = 'own' %}"
        "{{ with_all.put(1) }} {{ alone.put(1, b='<') }} {{ with_all.around('x') }} {% include 'part' %}"
        "{% call with_all.framed() %}inner{% endcall %} {{ with_all.put(1, 2, 3) if wrong else '' }} {{ said(4) }}"
    ),
    "macros": (
        "{% macro put(a, b=own) %}{{ a }}{{ b }}{{ given }}{{ shared }}{% endmacro %}"
        "{% macro around(a) %}[{{ put(a, given) }}{{ put(a | upper) }}]{% endmacro %}"
        "{% macro framed() %}({{ caller() }}){% endmacro %}"
    ),
    "part": "{{ own }}{{ given }}{{ shared }}{% autoescape true %}{{ with_all.put('<', '&') }}{% endautoescape %}",
}


@pytest.mark.parametrize("told", [{}, {"given": "<g>"}, {"wrong": True}, {"shared": "mine"}], ids=str)
def test_macros_and_parts_see_what_they_see_in_jinja(told: dict[str, Any]) -> None:
    found = []
    for change in (quicken, lambda env: None):
        env = jinja2.Environment(loader=jinja2.DictLoader(_PARTS))
        change(env)
        env.globals |= {"shared": "everyone's", "said": lambda number: f"no {number}"}
        try:
            found.append(env.get_template("main").render(told))
        except (jinja2.UndefinedError, TypeError) as error:
            found.append(f"{type(error)} {error}")
    assert found[0] == found[1]


def test_no_page_outlives_its_build(tmp_path: Path) -> None:
    """MkDocs' classes would keep the last configuration, and with it a whole language."""
    lay_out(tmp_path / "kb")
    build(Project.at(tmp_path / "kb"), editions=["customers"], spec="inline")
    gc.collect()
    assert not [each for each in gc.get_objects() if issubclass(type(each), Page) and each.file.src_uri]
