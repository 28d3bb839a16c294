"""A help centre with internal text, built once, and the certificate its web servers show."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.hosting.base import SECRET, Site
from tests.site.conftest import png, run, write

_TOML = """\
source = "en"
locales = ["de"]

[audience]
"internal/**" = "agent"

[site.urls]
customers = "https://localhost/"
agents = "https://localhost/"
"""
_FILES: dict[str, str | bytes] = {
    "kbtool.toml": _TOML,
    "mkdocs.yml": "site_name: Trial\nsite_url: https://localhost/\ntheme: {name: material, font: false}\n",
    "docs/index.md": f"# Start\n\nA page for everybody.\n\n/// agent\nThe {SECRET} desk decides.\n///\n",
    "docs/billing/refunds.md": "# Refunds\n\nRefunds take three days to arrive. ![The form](form.png)\n",
    "docs/billing/form.png": png("form"),
    "docs/internal/escalation.md": f"# {SECRET.title()}s\n\nWake the {SECRET} lead. ![Map](map.png)\n",
    "docs/internal/map.png": png("map"),
    "docs/_data/redirects.yml": "money/old.md: billing/refunds.md\n",
    "translations/de/index.md": f"# Anfang\n\nFür alle.\n\n/// agent\nDer {SECRET}-Tisch entscheidet.\n///\n",
    "translations/de/billing/refunds.md": "# Erstattungen\n\nSie dauern drei Tage. ![Das Formular](form.png)\n",
}


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles, a certificate for localhost, and the file of names and passwords."""
    root = tmp_path_factory.mktemp("hosting")
    write(root, _FILES)
    certificate = root / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "90", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(root / "key.pem"), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    users = subprocess.run(["openssl", "passwd", "-6", "tulip"], check=True, capture_output=True, text=True).stdout
    (root / "users").write_text(f"ana:{users}")
    return root


@pytest.fixture(scope="session")
def site(root: Path) -> Site:
    run(root, "build", "--executor", "inline")
    return Site(root)


@pytest.fixture(autouse=True)
def trusted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of these tests is as good as any; nothing else on this machine has to do with them."""
    monkeypatch.setenv("SSL_CERT_FILE", str(root / "certificate.pem"))
    for name in [n for n in os.environ if n.startswith("KBTOOL_PROBE_")]:
        monkeypatch.delenv(name)
