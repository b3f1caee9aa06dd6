"""Webhooks as the settings pages show them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import PausedBecause, WebhookState
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.models.webhook_delivery import WAITING
from accounts.selectors.webhook_events import event_label
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.fetching.errors import SENTENCES, Problem


def webhooks_with_counts() -> QuerySet[WebhookEndpoint]:
    """Each with `waiting` and `given_up`: how many of its deliveries are so."""
    return WebhookEndpoint.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=WAITING)),
        given_up=Count("deliveries", filter=Q(deliveries__state=WebhookState.FAILED)),
    )


def how_it_is(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, str]:
    """A word and its tone for the state of an endpoint."""
    if not endpoint.is_active:
        is_own = endpoint.paused_because != PausedBecause.PERSON
        return _("paused"), "red" if is_own else "gray"
    if endpoint.failures:
        return _("fails"), "amber"
    if endpoint.succeeded_at is None:
        return _("nothing sent yet"), "gray"
    return _("works"), "green"


def condition_in_words(endpoint: WebhookEndpoint) -> tuple[str, str]:
    """The condition as a sentence ("" = everything), and why it cannot be run ("" = it can)."""
    try:
        condition = read_tree(endpoint.condition, vocabulary("feedback"))
    except ConditionInvalid as invalid:
        return "", " ".join(str(one.message) for one in invalid.problems)
    return ("" if endpoint.condition == ["and"] else sentence(condition)), ""


def what_came_of_it(status: int | None, problem: str) -> str:
    """Of one attempt, for people."""
    if status is not None:
        return _("answered %(status)s") % {"status": status}
    if problem == "secret":
        return _("Its secret cannot be opened any more: make a new one.")
    return str(SENTENCES[Problem(problem)]) if problem in list(Problem) else ""


def deliveries_of(
    endpoint: WebhookEndpoint, *, state: str = "", event: str = ""
) -> QuerySet[WebhookDelivery]:
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).defer("body", "response", "log")
    if state:
        rows = rows.filter(state=state)
    return rows.filter(event=event) if event else rows


def events_told(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    """What its log can be narrowed to."""
    names = [*endpoint.event_types, "ping", "automation.called"]
    return [(name, event_label(name)) for name in dict.fromkeys(names)]


@dataclass(frozen=True, slots=True)
class Attempt:
    at: datetime
    outcome: str
    took_ms: int


def attempts_of(delivery: WebhookDelivery) -> list[Attempt]:
    """Newest first."""
    return [
        Attempt(
            datetime.fromisoformat(one["at"]),
            what_came_of_it(one.get("status"), one.get("problem", "")),
            one.get("ms", 0),
        )
        for one in reversed(delivery.log)
    ]


def body_to_read(delivery: WebhookDelivery) -> str:
    """What is said, with line breaks for people."""
    body: Any = json.loads(delivery.body)
    return json.dumps(body, ensure_ascii=False, indent=2)
