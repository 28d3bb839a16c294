"""Jinja's environment with fewer steps between a template and what it asks for; what it gets is the same."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2.runtime import Context, Macro
from jinja2.utils import missing

if TYPE_CHECKING:
    import jinja2

#: what is looked up by key, unless it is a name that Python gives to all of the kind
_BY_KEY: dict[type, frozenset[str]] = {
    kind: frozenset(dir(kind)) for kind in (dict, MappingProxyType[str, str], type(None))
}


def quicken(env: jinja2.Environment) -> None:
    """Have an environment find templates and attributes in one step; for environments whose loader never changes."""
    env.get_template = _finder(env)  # type: ignore[method-assign]  # of this one environment
    env.getattr = _reader(env)  # type: ignore[method-assign,assignment]  # the same
    env.context_class = Around


class Around(Context):
    """The variables around a template: some thirty times on each page."""

    def __init__(self, *told: Any, globals: MutableMapping[str, Any] | None = None) -> None:
        super().__init__(*told)
        if globals is not None:
            self.globals_keys = globals.keys()  # type: ignore[assignment]  # Jinja makes a set, and rarely looks at it

    def call(self, called: Callable[..., Any], /, *args: Any, **options: Any) -> Any:
        """What Jinja calls; a macro, unlike others, is known to want to hear how to escape."""
        if type(called) is Macro and not options:
            return called(self.eval_ctx, *args)
        return super().call(called, *args, **options)


def _finder(env: jinja2.Environment) -> Callable[..., jinja2.Template]:
    find = env.get_template
    known: dict[object, jinja2.Template] = {}

    def get_template(
        name: str | jinja2.Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> jinja2.Template:
        if globals:
            return find(name, parent, globals)
        found = known.get(name)
        if found is None:
            found = known[name] = find(name, parent)
        return found

    return get_template


def _reader(env: jinja2.Environment) -> Callable[[Any, str], Any]:
    slow, undefined = env.getattr, env.undefined

    def read(obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind in _BY_KEY and attribute not in _BY_KEY[kind]:
            return obj[attribute] if obj and attribute in obj else undefined(obj=obj, name=attribute)
        found = getattr(obj, attribute, missing)
        if found is not missing:
            return found
        if not hasattr(obj, "__getitem__") and not isinstance(obj, type):
            return undefined(obj=obj, name=attribute)  # no exceptions need be made and caught to know
        return slow(obj, attribute)

    return read
