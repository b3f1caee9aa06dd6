"""By which link somebody came to an answer page, and where it leads on."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import public
from config.kernel.tokens import signature
from surveys.enums import CollectorChannel, DuplicatePolicy
from surveys.models import Collector, Invitation, Response
from surveys.selectors.doors import FRAMED_CHANNELS
from surveys.views.language import chosen_language

# What a link is signed for. The key alone opens nothing: staff, exports and programs know it.
DRAFT, THANKS = "survey-draft", "survey-thanks"


@dataclass(frozen=True, slots=True)
class Way:
    """The link, and what was begun by it."""

    collector: Collector
    invitation: Invitation | None = None
    draft: Response | None = None

    @property
    def cookie(self) -> str:
        return f"answered-{self.collector.pk}"

    @property
    def is_kiosk(self) -> bool:
        """One screen for everybody: nobody comes back, nobody sees what the one before wrote."""
        return self.collector.channel == CollectorChannel.KIOSK

    @property
    def is_once_a_browser(self) -> bool:
        """A kiosk is one browser for everybody: the next person may answer, too."""
        return self.collector.duplicates == DuplicatePolicy.COOKIE and not self.is_kiosk

    @property
    def first_url(self) -> str:
        """Where somebody begins."""
        if self.invitation is not None:
            return reverse("surveys:answer", args=[self.invitation.token])
        return reverse("surveys:answer_openly", args=[self.collector.token])

    def thanks_url(self, response: Response) -> str:
        if self.invitation is not None:
            return reverse("surveys:thanks", args=[self.invitation.token])
        mac = signature(THANKS, str(response.key))
        return reverse("surveys:open_thanks", args=[self.collector.token, response.key, mac])

    def url_of(self, draft: Response) -> str:
        """Where `draft` goes on: the personal link, or one that only its owner has."""
        if self.invitation is not None:
            return self.first_url
        return reverse("surveys:resume", args=[draft.key, signature(DRAFT, str(draft.key))])


def with_language(url: str, **query: str) -> str:
    """In the language of this page, whatever the browser prefers."""
    return f"{url}?{urlencode(query | {'lang': chosen_language()})}"


def in_frames(
    request: HttpRequest, collector: Collector, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """`page()`, which may stand in the pages that the collector names and in no other."""
    if collector.channel not in FRAMED_CHANNELS or not collector.origins:
        return page()
    framed = csp_replace({"frame-ancestors": collector.origins})(lambda _request: page())
    response: HttpResponse = framed(request)
    response.xframe_options_exempt = True
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@public
@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """The script for pages of other sites, under one address for ever: what is pasted there
    outlives every version of ours."""
    response = HttpResponseRedirect(static("js/embed.js"))
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def may_lead_to(url: str) -> bool:
    """Whether people may be sent on there: our own site, or a host that was allowed."""
    parts = urlsplit(url)
    own = urlsplit(settings.SITE_URL).netloc
    return parts.scheme in {"http", "https"} and parts.netloc in {
        own,
        *settings.ANSWER_REDIRECT_HOSTS,
    }
