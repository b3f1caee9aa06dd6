"""What a customer may ask of us by law: a copy of their data, and to be forgotten."""

import io
import json
import logging
import zipfile
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import PrivacyKind, PrivacyState
from accounts.errors import PrivacyRefused
from accounts.models import ContactPoint, Customer, PrivacyRequest, User
from accounts.rules.masking import finder, masker
from accounts.services.privacy_keepers import Person, held_of, keepers, rows_of
from config.kernel.jobs import enqueue

ANSWERED_WITHIN = timedelta(days=30)  # one month: Article 12(3) of the GDPR
FILE_KEPT_FOR = timedelta(days=7)
_log = logging.getLogger(__name__)


@transaction.atomic
def ask_for(customer_id: int, kind: PrivacyKind, *, by: User, reason: str) -> PrivacyRequest:
    """Note the wish and, unless a second person has to agree first, begin with it.

    Raises PrivacyRefused: a customer who is merged or erased, a legal hold of the customer or of
    a single record (an export is possible all the same), or the same wish that is not done yet.
    """
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None or customer.erased_at or customer.merged_into_id:
        raise PrivacyRefused.gone()
    _ensure_no_hold(customer, kind)
    waits = settings.PRIVACY_NEEDS_APPROVAL
    now = timezone.now()
    try:
        with transaction.atomic():
            request = PrivacyRequest.objects.create(
                kind=kind,
                customer=customer,
                requested_by=by,
                reason=reason.strip()[:500],
                requested_at=now,
                due_at=now + ANSWERED_WITHIN,
                state=PrivacyState.WAITING if waits else PrivacyState.QUEUED,
            )
    except IntegrityError:
        raise PrivacyRefused.already() from None
    if not waits:
        _begin(request)
    return request


@transaction.atomic
def decide(request_id: int, *, by: User, agrees: bool) -> PrivacyRequest:
    """A second person agrees, or refuses. Raises PrivacyRefused: who asked may refuse (withdraw)
    but not agree; nothing to decide any more; a legal hold that was set meanwhile."""
    request = PrivacyRequest.objects.select_for_update().get(pk=request_id)
    if request.state != PrivacyState.WAITING:
        raise PrivacyRefused.not_waiting()
    if agrees and request.requested_by_id == by.pk:
        raise PrivacyRefused.own()
    if agrees:
        _ensure_no_hold(request.customer, request.kind)
    request.approved_by, request.approved_at = by, timezone.now()
    request.state = PrivacyState.QUEUED if agrees else PrivacyState.REFUSED
    request.save(update_fields=["approved_by", "approved_at", "state"])
    if agrees:
        _begin(request)
    return request


@transaction.atomic
def set_legal_hold(
    customer_id: int, *, held: bool, by: User | None = None, reason: str = ""
) -> None:
    """Keep the data of a customer from being anonymised or erased, or let them go again."""
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    customer.legal_hold = held
    customer.held_at = timezone.now() if held else None
    customer.held_by = by if held else None
    customer.hold_reason = reason.strip()[:500] if held else ""
    customer.save(update_fields=["legal_hold", "held_at", "held_by", "hold_reason"])


@transaction.atomic
def carry_out(request_id: int) -> None:
    """Do what was asked; nothing when it is done already. All tables change, or none."""
    request = PrivacyRequest.objects.select_for_update().get(pk=request_id)
    if request.state != PrivacyState.QUEUED:
        return
    customer = Customer.objects.select_for_update().get(pk=request.customer_id)
    forgets = request.kind != PrivacyKind.EXPORT
    if customer.merged_into_id or customer.erased_at:
        _refuse(request, "customer_gone")
        return
    try:
        _ensure_no_hold(customer, request.kind)
    except PrivacyRefused as refusal:
        _refuse(request, refusal.code)
        return
    person = _person(customer, contents=request.kind == PrivacyKind.ERASE)
    if forgets:
        request.report = {one.name: one.forget(person) for one in keepers()}
        request.reason = person.redact(request.reason)
        _remove_earlier_exports(person)
    else:
        _pack(request, person)
    request.state, request.done_at = PrivacyState.DONE, timezone.now()
    request.save()
    _log.info("Privacy request %s (%s) is done.", request.pk, request.kind)


def remove_expired_files(*, now: Any = None) -> int:
    """Take away the files whose time is over; how many."""
    due = PrivacyRequest.objects.filter(expires_at__lt=now or timezone.now()).exclude(file="")
    expired = list(due)
    for request in expired:
        request.file.delete()
    return len(expired)


def _ensure_no_hold(customer: Customer, kind: str) -> None:
    """Raises PrivacyRefused. A hold on one record holds the whole: it says whose it is."""
    if kind == PrivacyKind.EXPORT:
        return
    ids = rows_of(customer)
    if customer.legal_hold or Customer.objects.filter(pk__in=ids, legal_hold=True).exists():
        raise PrivacyRefused.legal_hold()
    if held := held_of(ids):
        raise PrivacyRefused.records_held(held)


def _refuse(request: PrivacyRequest, code: str) -> None:
    request.state, request.report = PrivacyState.REFUSED, {"refused": code}
    request.save(update_fields=["state", "report"])


def _begin(request: PrivacyRequest) -> None:
    enqueue("accounts.tasks.carry_out_privacy_request", request_id=request.pk)


def _person(customer: Customer, *, contents: bool) -> Person:
    ids = rows_of(customer)
    points = ContactPoint.objects.filter(customer__in=ids)
    addresses = list(points.order_by("pk").values_list("value", flat=True))
    names = list(Customer.objects.filter(pk__in=ids).values_list("name", flat=True))
    known = [*names, *addresses]
    return Person(
        ids=ids,
        addresses=addresses,
        redact=masker(known),
        names_them=finder(known),
        contents=contents,
    )


def _pack(request: PrivacyRequest, person: Person) -> None:
    packed = io.BytesIO()
    counts: dict[str, dict[str, int]] = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for keeper in keepers():
            exported = keeper.export(person)
            words = json.dumps(exported.data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{keeper.name}.json", words)
            counts[keeper.name] = {"files": len(exported.files)}
            for name, opens in exported.files:
                with opens() as file:
                    archive.writestr(f"files/{name}", file.read())
    request.file.save("", ContentFile(packed.getvalue()), save=False)
    request.expires_at = timezone.now() + FILE_KEPT_FOR
    request.report = counts


def _remove_earlier_exports(person: Person) -> None:
    earlier = PrivacyRequest.objects.filter(customer__in=person.ids).exclude(file="")
    names = [(one.file.storage, str(one.file.name)) for one in earlier]
    earlier.update(file="")
    for storage, name in names:
        transaction.on_commit(partial(storage.delete, name))
