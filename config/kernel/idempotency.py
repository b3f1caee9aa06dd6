"""`Idempotency-Key`: a client that got no answer may ask again and gets the one it missed.

The key is claimed in a transaction of its own, so that a second request sees it at once; the
answer is stored in the same transaction as what the request did, so that there is never one
without the other. Only successes are kept: whatever was refused may be tried again.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import Refusal
from config.kernel.models import IdempotencyRecord

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
LONGEST, PATTERN = 200, "^[!-~]+$"
# A request that has been at work for longer has died with its process.
ABANDONED_AFTER = timedelta(seconds=90)
Method = Callable[..., Response]


def idempotent(method: Method) -> Method:
    """For a view's method that creates something: does it once for each key of a client."""

    @wraps(method)
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        record = _claim(_owner(request), _checked(key), _digest(request))
        if record.status is not None:
            return Response(record.body, status=record.status, headers={REPLAYED: "true"})
        try:
            with transaction.atomic():
                response = method(view, request, *args, **kwargs)
                record.status = response.status_code
                record.body = json.loads(JSONRenderer().render(response.data))
                record.save(update_fields=["status", "body"])
        except BaseException:
            IdempotencyRecord.objects.filter(pk=record.pk, status=None).delete()
            raise
        return response

    return once


def _checked(key: str) -> str:
    if len(key) > LONGEST or not re.fullmatch(PATTERN, key):
        sentence = _("1 to %(most)d ASCII characters without spaces.") % {"most": LONGEST}
        raise ValidationError({HEADER: [sentence]})
    return key


def _owner(request: Request) -> str:
    kind = "user" if request.auth is None else "token"
    return f"{kind}:{(request.auth or request.user).pk}"


def _digest(request: Request) -> str:
    """Of what is asked for, whatever the order of the members in the JSON."""
    asked = json.dumps(
        [request.method, request.path, request.data], sort_keys=True, default=_in_words
    )
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


def _in_words(value: Any) -> str:
    """A file by its bytes: the next photo has the same name."""
    if isinstance(value, UploadedFile):
        content = hashlib.sha256()
        for chunk in value.chunks():
            content.update(chunk)
        value.seek(0)
        return f"{value.name} {content.hexdigest()}"
    return str(value)


def _claim(owner: str, key: str, digest: str) -> IdempotencyRecord:
    """The record of this key: without a status it is ours to fill. Raises Refusal when another
    request is filling it, or when the key stood for something else."""
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(owner=owner, key=key, request_digest=digest)
    except IntegrityError:
        known = IdempotencyRecord.objects.filter(owner=owner, key=key).first()
    if known is not None and known.request_digest != digest:
        text = _("This Idempotency-Key was used for a different request.")
        raise Refusal(422, "idempotency_key_reused", text)
    if known is not None and (known.status is not None or _take_over(known)):
        return known
    text = _("The first request with this Idempotency-Key is still at work.")
    raise Refusal(409, "in_progress", text, wait=1)


def _take_over(record: IdempotencyRecord) -> bool:
    now = timezone.now()
    if now - record.created_at < ABANDONED_AFTER:
        return False
    same = IdempotencyRecord.objects.filter(
        pk=record.pk, status=None, created_at=record.created_at
    )
    return same.update(created_at=now) == 1
