"""What is published, for readers of feeds."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_safe

from accounts.access import public
from analytics.selectors.public_page import public_page
from analytics.selectors.published import Item, newest_published
from analytics.views.published import for_everybody, kept_by_caches, short_of
from config.kernel.site import site_name


class PublishedFeed(Feed):
    """In the active language. Addresses are those of SITE_URL, whatever the request says."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{public_page().title or gettext('You said, we did')} · {site_name()}"

    def subtitle(self) -> str:
        return public_page().intro

    def link(self) -> str:
        return _address("published_page")

    def feed_url(self) -> str:
        return _address("published_feed")

    def items(self) -> list[Item]:
        return newest_published(get_language() or "")

    def item_title(self, item: Item) -> str:
        return escape(item.words.title)

    def item_description(self, item: Item) -> SafeString:
        did = (
            pgettext("on the public page", "What we plan")
            if item.is_plan
            else pgettext("on the public page", "We did")
        )
        parts = [(pgettext("on the public page", "You said"), item.words.said)]
        parts += [(did, item.words.did)]
        if item.words.result:
            came = pgettext("on the public page", "What came of it")
            expected = pgettext("on the public page", "What we expect")
            parts.append((expected if item.is_plan else came, item.words.result))
        made = SafeString("")
        for name, text in parts:
            made += format_html("<p><strong>{}</strong></p><p>{}</p>", name, text)
        return made

    def item_link(self, item: Item) -> str:
        return str(settings.SITE_URL) + item.path

    def item_guid(self, item: Item) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Item) -> datetime:
        return item.published_at

    def item_updateddate(self, item: Item) -> datetime:
        return item.changed_at


def _address(name: str) -> str:
    short = short_of(get_language() or "")
    return str(settings.SITE_URL) + reverse(f"analytics:{name}", args=[short])


_feed: Any = PublishedFeed()


@public
@require_safe
@kept_by_caches
@for_everybody
def published_feed(request: HttpRequest, language: str) -> HttpResponse:
    try:
        response: HttpResponse = _feed(request)
    except LookupError as gone:
        raise Http404 from gone
    return response
