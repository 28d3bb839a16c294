"""What is found in a page's HTML quickly is what is found by looking for each kind of element by itself."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st

from kbtool.site.addresses import absolute
from kbtool.site.mkdocs.head import content_policy
from kbtool.site.wishes import Wishes

_PIECES = (
    "<script", "<SCRIPT", "<\u017fcript", "<scr\u0131pt", ">", "</script>", "</SCRIPT>", "<style", "</style>",
    "</STYLE>", "<link ", ' rel="stylesheet"', ' href="https://a.example/c"', ' src="http://b.example/z"', "<img",
    "<IMG ", "<source", "<iframe", "<embed", "<embedded", ' srcset="https://c.example/1 2x, https://d.example/2"',
    ' type="module"', " type='text/plain'", "\n", " ", "code()", "more()", '"', "<", "a", ' src="mailto:x"',
    ' poster="https://e.example/"',
)  # fmt: skip
_MEDIA = r"<(img|source|video|audio|iframe|embed|link)\b[^>]*?\s(?:src|href|srcset|poster)=\"([^\"]+)\""


def _runs(tag: str) -> bool:
    kind = re.search(r"type=[\"']?([^\"'\s>]+)", tag)
    return "src=" not in tag and (not kind or kind[1] == "module")


def _hosts(addresses: list[str]) -> set[str]:
    return {found[0] for address in addresses if (found := re.match(r"https?://[^/ \"]+", address.strip()))}


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_a_policy_names_every_element(page: str) -> None:
    rules = dict(rule.split(" ", 1) for rule in content_policy(page, Wishes()).split("; "))
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.S | re.I)
    running = {code for tag, code in scripts if code.strip() and _runs(tag)}
    styles = set(re.findall(r"<style[^>]*>(.*?)</style>", page, re.S | re.I))
    assert rules["script-src"].count("'sha256-") == len(running)
    assert rules["style-src"].count("'sha256-") == len(styles)
    media = re.findall(_MEDIA, page, re.I)
    frames = [address for kind, address in media if kind.lower() in ("iframe", "embed")]
    pictures = [each for kind, many in media if kind.lower() in ("img", "source") for each in many.split(",")]
    sheets = re.findall(r"<link[^>]+rel=\"stylesheet\"[^>]+href=\"([^\"]+)\"", page)
    sources = re.findall(r"<script[^>]+src=\"([^\"]+)\"", page)
    for name, found in (("script", sources), ("style", sheets), ("frame", frames), ("img", pictures)):
        assert _hosts(found) <= set(rules[f"{name}-src"].split())


@given(
    st.sampled_from(["https://kb.example", "https://kb.example/a/b", "https://kb.example/a/../b/?q#f", "/kb/", ""]),
    st.lists(
        st.sampled_from(["a", "..", ".", "/", "a.b", "%C3", "~", "?", "#", ":", ";", "..a", "\n", "é"]), max_size=8
    ),
)
def test_a_full_address_is_what_the_standard_says(site_url: str, link: list[str]) -> None:
    assert absolute(site_url, "".join(link)) == urljoin(site_url, "".join(link))
