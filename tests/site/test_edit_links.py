"""Links to the source of a page lead to what its writer knows, not to where the page was composed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.small_site import MKDOCS, lay_out

EDITED = "repo_url: https://git.example.com/kb\nedit_uri: edit/main/docs/\n" + MKDOCS.replace(
    "features: [", "features: [content.action.edit, "
)
#: page → its source, as the link says; none for what kbtool writes itself
PAGES = {
    "billing/refunds/": "docs/billing/refunds.md",
    "de/billing/refunds/": "translations/de/billing/refunds.md",
    "ar/billing/refunds/": "docs/billing/refunds.md",  # it stands in for a translation
    "ar/devices/wifi/": "translations/ar/devices/wifi.md",
    "changes/": "",
}
_LINK = re.compile(r'<a href="https://git\.example\.com/kb/edit/main/([^"]*)"')


@pytest.mark.parametrize(
    "way", [["kbtool", "build", "--edition", "customers"], ["mkdocs", "build", "-q"]], ids=" ".join
)
def test_edit_links_name_the_source(tmp_path: Path, way: list[str]) -> None:
    root = tmp_path / "kb"
    lay_out(root, f"{EDITED}site_dir: site/customers\nplugins: [kbtool]\n")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run([sys.executable, "-m", *way], cwd=root, env=env, check=True, capture_output=True)
    pages = {page: (root / "site" / "customers" / page / "index.html").read_text("utf-8") for page in PAGES}
    assert {page: "".join(_LINK.findall(html)) for page, html in pages.items()} == PAGES
