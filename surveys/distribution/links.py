"""Addresses that anybody may follow, and what to paste into a page that shall show a survey."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from surveys.enums import CollectorChannel
from surveys.models import Collector
from surveys.selectors.doors import FRAMED_CHANNELS, OPEN_CHANNELS


def open_url(collector: Collector) -> str:
    """The address that anybody may follow; "" for a way that has none."""
    if collector.channel not in OPEN_CHANNELS:
        return ""
    return str(settings.SITE_URL) + reverse("surveys:answer_openly", args=[collector.token])


def snippet_of(collector: Collector) -> str:
    """What to paste into a page that shall show the survey; "" for a way of another kind."""
    if collector.channel not in FRAMED_CHANNELS:
        return ""
    named = {"survey": open_url(collector), "title": collector.survey.title}
    if collector.channel == CollectorChannel.POPUP:
        named |= {
            "delay": str(collector.popup_delay),
            "percent": str(collector.popup_percent),
            "close": _("Close"),
        }
    data = format_html_join("", ' data-{}="{}"', named.items())
    script = str(settings.SITE_URL) + reverse("surveys:embed_script")
    return format_html('<script src="{}"{} async></script>', script, data)
