"""Where mail providers bring mail. The address ends in "mime" because that is how Mailgun is told
to send the whole message."""

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import public
from config.kernel.ratelimit import client_address
from feedback.channels.email.push import Delivery, PushRefused, take_push
from feedback.enums import PushRefusal

RETRY_AFTER = "60"
# Programs read these, so there is one language. Who has not proved anything is told nothing.
_ANSWERS = {
    PushRefusal.TOO_LARGE: (413, "The mail is too large: at most {megabytes} MB are taken."),
    PushRefusal.COMPRESSED: (415, "Send the body as it is, without Content-Encoding."),
    PushRefusal.NO_MAIL: (400, "There is no raw mail in this request."),
    PushRefusal.OFF: (503, "This mailbox is switched off. Try again later."),
}


@public
@never_cache
@csrf_exempt  # no browser posts here, and no cookie is looked at: the secret is the proof
@require_POST
def mail_push(request: HttpRequest, pk: int) -> HttpResponse:
    """Every answer but 2xx leaves the mail with the provider."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_push(pk, Delivery(headers, request.read, client_address(request)))
    except PushRefused as refused:
        return _refusal(refused.why)
    except DatabaseError:
        return _text(503, "Not now. Try again later.", {"Retry-After": RETRY_AFTER})
    return _text(200, "Taken.")


def _refusal(why: PushRefusal | None) -> HttpResponse:
    status, words = _ANSWERS.get(why, (401, "Not accepted.")) if why else (401, "Not accepted.")
    more = {503: {"Retry-After": RETRY_AFTER}, 401: {"WWW-Authenticate": 'Basic realm="mail"'}}
    megabytes = settings.MAIL_MAX_BYTES // (1024 * 1024)
    return _text(status, words.format(megabytes=megabytes), more.get(status, {}))


def _text(status: int, words: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        f"{words}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers
    )
