"""Judging records (rules.quality) and keeping what came of it: the one place that writes it."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.models import ContactPoint
from config.kernel.search.folding import fold
from feedback.enums import Direction
from feedback.models import Attachment, Feedback, FeedbackQuality, Message
from feedback.rules.quality import Told, judge

TEXT = 5_000  # letters that are looked at
_NOT_A_WORD = re.compile(r"[\W_]+")
_HOUR = timedelta(hours=1)


def judge_records(ids: Collection[int]) -> None:
    """Judge these records anew, in a fixed number of queries. Those that are gone are left out."""
    # An anonymised record keeps the judgement of what it once said.
    records = list(Feedback.objects.filter(pk__in=ids, anonymised_at=None).order_by("pk"))
    if not records:
        return
    texts = _texts(records)
    digests = {pk: digest_of(text) for pk, text in texts.items()}
    _store(records, texts, digests)


def digest_of(text: str) -> bytes:
    """The same for texts that differ in spaces, punctuation, width and capitals only; empty for
    a text of less than eight letters: "谢谢" is nobody's copy."""
    letters = _NOT_A_WORD.sub("", fold(text))
    return hashlib.blake2b(letters.encode(), digest_size=16).digest() if len(letters) > 7 else b""


def _store(records: list[Feedback], texts: dict[int, str], digests: dict[int, bytes]) -> None:
    now = timezone.now()
    others = _others(records)
    same = _same(digests)
    files = _files([one.pk for one in records])
    verified = _verified({one.customer_id for one in records})
    rows = []
    for one in records:
        earlier = [(pk, at) for pk, at in others[one.customer_id] if pk < one.pk]
        copies = [customer for pk, customer in same[digests[one.pk]] if pk < one.pk]
        told = Told(
            text=texts[one.pk],
            received_at=timezone.localtime(one.received_at),
            has_product=one.product_id is not None,
            has_order=bool(one.order_number),
            has_category=one.category_id is not None,
            has_place=bool(one.place),
            files=files.get(one.pk, 0),
            score=one.satisfaction,
            is_verified=one.customer_id in verified,
            others_of_customer=len(earlier),
            within_hour=1 + sum(abs(one.received_at - at) < _HOUR for _pk, at in earlier),
            same_elsewhere=sum(customer != one.customer_id for customer in copies),
            said_before=sum(customer == one.customer_id for customer in copies),
        )
        quality = judge(told)
        rows.append(
            FeedbackQuality(
                feedback_id=one.pk,
                score=quality.score,
                targeted=quality.targeted,
                authentic=quality.authentic,
                specific=quality.specific,
                timely=quality.timely,
                reasons=list(quality.reasons),
                digest=digests[one.pk],
                judged_at=now,
            )
        )
    written = [f.name for f in FeedbackQuality._meta.concrete_fields if not f.primary_key]
    FeedbackQuality.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["feedback"], update_fields=written
    )


def _texts(records: Iterable[Feedback]) -> dict[int, str]:
    """What the customer wrote by themselves, under the subject that it begins with anyway."""
    parts: dict[int, list[str]] = {one.pk: [] for one in records}
    said = Message.objects.filter(
        feedback__in=list(parts), direction=Direction.IN, is_automatic=False, is_third_party=False
    )
    for pk, text in said.order_by("pk").values_list("feedback_id", "text"):
        if sum(map(len, parts[pk])) < TEXT:
            parts[pk].append(text[:TEXT])
    return {one.pk: "\n".join([*(parts[one.pk] or [one.subject])]) for one in records}


def _others(records: Iterable[Feedback]) -> dict[int, list[tuple[int, datetime]]]:
    """(id, received) of what each customer ever told, as far as anybody would count."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    rows = Feedback.objects.filter(customer__in={one.customer_id for one in records})
    for customer, pk, at in rows.order_by("-pk").values_list("customer_id", "pk", "received_at")[
        :20_000
    ]:
        found[customer].append((pk, at))
    return found


def _same(digests: dict[int, bytes]) -> dict[bytes, list[tuple[int, int]]]:
    """(id, customer) of the records that say the same; also among those that are judged now."""
    wanted = {digest for digest in digests.values() if digest}
    rows = FeedbackQuality.objects.filter(digest__in=wanted).exclude(pk__in=list(digests))
    pairs = [
        (bytes(digest), pk)
        for digest, pk in rows.order_by("pk").values_list("digest", "pk")[:20_000]
    ]
    pairs += [(digest, pk) for pk, digest in digests.items() if digest]
    customers = dict(
        Feedback.objects.filter(pk__in=[pk for _digest, pk in pairs]).values_list(
            "pk", "customer_id"
        )
    )
    found: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for digest, pk in pairs:
        if pk in customers:
            found[digest].append((pk, customers[pk]))
    return found


def _files(ids: list[int]) -> dict[int, int]:
    files = Attachment.objects.filter(
        message__feedback__in=ids, message__direction=Direction.IN, is_inline=False
    )
    counted = files.order_by().values("message__feedback").annotate(files=Count("pk"))
    return {row["message__feedback"]: row["files"] for row in counted}


def _verified(customers: Collection[int]) -> set[int]:
    points = ContactPoint.objects.filter(customer__in=customers, verified_at__isnull=False)
    return set(points.values_list("customer_id", flat=True))
