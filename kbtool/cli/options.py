"""Options that several commands share, in the same words."""

from __future__ import annotations

import click

to = click.option("--to", "locales", multiple=True, metavar="LOCALE", help="Only this target locale; may be repeated.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
paths = click.argument("paths", nargs=-1, metavar="[PATH]...")
by = click.option("--by", metavar="NAME", help="Who does this; taken from git's user name where it is not given.")
