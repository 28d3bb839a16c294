"""What is true of one page on the site, and the finishing touches to its HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from kbtool.core.audience import PUBLIC
from kbtool.core.model import Locale
from kbtool.site import locales
from kbtool.site.addresses import address
from kbtool.site.configure import Job
from kbtool.site.notices import Notice
from kbtool.site.phrases import phrases

_ARTICLE = '<article class="md-content__inner md-typeset">'
_HTML = re.compile(r'<html lang="[^"]*"')


@dataclass(frozen=True)
class PageFacts:
    """One page of one locale's tree."""

    path: str
    shown: Locale  #: the locale whose pages are being built: menus and notices are in it
    text: Locale  #: the locale the article's own text is in; the source where it is not translated yet
    source: Locale
    existing: Mapping[Locale, str]  #: where the article really exists: locale → address below the site's root
    address: str
    site_url: str
    public: bool
    notices: tuple[Notice, ...] = ()

    @classmethod
    def of(cls, job: Job, path: str, text: Locale, site_url: str, folders: bool) -> PageFacts:
        stage = job.stage
        at = [x for x in stage.locales if stage.has(path, x)]
        return cls(
            path=path,
            shown=job.locale,
            text=text,
            source=stage.source,
            existing={x: address(path, x, stage.source, folders=folders) for x in at},
            address=address(path, job.locale, stage.source, folders=folders),
            site_url=site_url,
            public=stage.reader == PUBLIC,
            notices=stage.notices.get((job.locale, path), ()),
        )

    @property
    def is_fallback(self) -> bool:
        return self.text != self.shown

    @property
    def lang(self) -> str:
        return locales.tag(self.text)

    @property
    def dir(self) -> str:
        return locales.direction(self.text)

    @property
    def shown_lang(self) -> str:
        return locales.tag(self.shown)

    @property
    def shown_dir(self) -> str:
        return locales.direction(self.shown)

    @property
    def source_lang(self) -> str:
        return locales.tag(self.source)

    @cached_property
    def say(self) -> Mapping[str, str]:
        """kbtool's own words in the language of the menus."""
        return phrases(self.shown)

    @property
    def original(self) -> str:
        """The original's address, where this is a translation or a stand-in for one."""
        return self.existing.get(self.source, "") or "./"

    @cached_property
    def canonical(self) -> str:
        """A page that shows the original's text stands for the original."""
        return urljoin(self.site_url, self.existing[self.text if self.text in self.existing else self.source])


def finished_page(output: str, facts: PageFacts) -> str:
    """The page with its real language and its head elements."""
    output = finished_template(output, facts.shown)
    if facts.is_fallback:
        article = f'<article class="md-content__inner md-typeset" lang="{facts.lang}" dir="{facts.dir}">'
        output = output.replace(_ARTICLE, article, 1)
    return output.replace("</head>", f"{_head(facts)}</head>", 1)


def finished_template(output: str, locale: Locale) -> str:
    return _HTML.sub(f'<html lang="{locales.tag(locale)}"', output, count=1)


def _head(facts: PageFacts) -> str:
    lines = []
    if not facts.public:
        lines.append('<meta name="robots" content="noindex, nofollow">')
    elif facts.site_url and len(facts.existing) > 1 and not facts.is_fallback:
        # The space keeps Material's script from asking for a sitemap per language on every page view: it looks for
        # rel=alternate to the letter, while browsers and search engines split at white space.
        found = [(locales.tag(at), link) for at, link in facts.existing.items()]
        found.append(("x-default", facts.existing[facts.source]))
        lines += [
            f'<link rel="alternate " hreflang="{lang}" href="{html.escape(urljoin(facts.site_url, link))}">'
            for lang, link in found
        ]
    return "".join(f"{line}\n" for line in lines)
