"""Deep links are equal in all languages, whatever headings a translator added."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.site.conftest import run, write


@pytest.mark.parametrize("extensions", ["attr_list", "extra", "admonition", ""])
def test_a_heading_that_a_translator_added_shifts_no_address(tmp_path: Path, extensions: str) -> None:
    write(tmp_path, {
        "kbtool.toml": 'source = "en"\nlocales = ["de"]\n[editions.customers]\naudience = "public"\n',
        "mkdocs.yml": f"site_name: T\ntheme: {{name: material, font: false}}\nmarkdown_extensions: [{extensions}]\n",
        "docs/index.md": "# Orders\n\nAll about them.\n\n## Find an order\n\nUse `A-1`.\n\n## Pay\n\nWith a card.\n",
    })  # fmt: skip
    run(tmp_path, "translate", "--engine", "pseudo")
    german = tmp_path / "translations/de/index.md"
    own = german.read_text("utf-8").replace("\n## ", "\n## Nur in Deutschland\n\nEtwas Eigenes.\n\n## ", 1)
    german.write_text(own, "utf-8")
    run(tmp_path, "build")
    page = (tmp_path / "site/customers/de/index.html").read_text("utf-8")
    found = dict(re.findall(r'<h[12] id="([^"]+)">([^<]+)', page))
    assert found["orders"] == "Óŕďéŕś"
    assert found["find-an-order"] == "Ƒíńď áń óŕďéŕ" and found["pay"] == "Ṕáý"
    assert "{ #" not in page
