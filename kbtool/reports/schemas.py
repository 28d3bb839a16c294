"""The JSON Schemas of what commands print for machines; they are shipped in kbtool/schemas/."""

from __future__ import annotations

from importlib.resources import files


def schema_of(command: str) -> str:
    """The schema of `kbtool <command> --json`, as JSON."""
    return (files("kbtool") / "schemas" / f"{command}.schema.json").read_text("utf-8").rstrip("\n")
