"""The settings of a knowledge base: kbtool.toml, or `[tool.kbtool]` in pyproject.toml, read once.

All faults are shown at once, each with its line, its key and, where there is one, the nearest key that exists.
A knowledge base without settings works: source locale from mkdocs.yml's theme language, no target locale, two editions.
"""

from kbtool.settings.faults import Fault, SettingsFaults
from kbtool.settings.file import find_root, load_settings, settings_file, theme_language
from kbtool.settings.lines import locate, place_of
from kbtool.settings.table import days
from kbtool.settings.values import Budget, Policy, Review, Settings

__all__ = [
    "Budget",
    "Fault",
    "Policy",
    "Review",
    "Settings",
    "SettingsFaults",
    "days",
    "find_root",
    "load_settings",
    "locate",
    "place_of",
    "settings_file",
    "theme_language",
]
