"""What the services ask about records that are changed together: read for all of them as soon as
it is asked for one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.backends import RolesBackend
from accounts.models import Membership, Team, User
from config.kernel import among  # noqa: F401 - registers `among`
from config.kernel.conditions.evaluation import Facts
from feedback.enums import NegativePointKind
from feedback.models import (
    Commitment,
    Feedback,
    Follower,
    NegativeCase,
    NegativePoint,
    SLAClock,
    SLAEvent,
    Status,
    Tag,
    TimelineEntry,
)
from feedback.selectors.negative import required_points
from feedback.selectors.policy_facts import facts_of_many, fields_asked
from feedback.services.straight import (
    NOTED_ONCE,
    STATUS_KINDS,
    Promise,
    StatusChange,
    Straight,
    dated,
)


def share(records: Iterable[Feedback], *names: str) -> None:
    """Let records that point to the same row have the same row: one query for each name, and
    what is learnt of a person is learnt once."""
    for name in names:
        field: Any = Feedback._meta.get_field(name)
        records = list(records)
        wanted = {getattr(one, field.attname) for one in records} - {None}
        rows = field.related_model._base_manager.filter(pk__among=wanted)
        found = {row.pk: row for row in rows} if wanted else {}
        for one in records:
            field.set_cached_value(one, found.get(getattr(one, field.attname)))


class ReadTogether(Straight):
    def __init__(self, records: Sequence[Feedback]) -> None:
        self.records = {one.pk: one for one in records}
        self._seats: dict[int, set[int]] = {}
        self._everywhere: set[int] = set()

    def told_just_now(self, feedback: Feedback) -> Sequence[TimelineEntry]:
        """Lines of its story that are not written yet."""
        raise NotImplementedError

    @cached_property
    def _asked(self) -> frozenset[str]:
        return fields_asked()

    @cached_property
    def _facts(self) -> dict[int, dict[str, Any]]:
        if any(name.startswith("customer.") for name in self._asked):
            share(self.records.values(), "customer")
        return facts_of_many(self.records)

    @cached_property
    def _tags(self) -> dict[int, list[Tag]]:
        links = Feedback.tags.through.objects.filter(feedback__among=self.records).order_by()
        pairs = list(links.values_list("feedback_id", "tag_id"))
        tags = Tag.objects.in_bulk({tag for _pk, tag in pairs})
        found: dict[int, list[Tag]] = defaultdict(list)
        for pk, tag in pairs:
            found[pk].append(tags[tag])
        return found

    @cached_property
    def _changes(self) -> dict[int, list[StatusChange]]:
        rows = TimelineEntry.objects.filter(feedback__among=self.records, kind__in=STATUS_KINDS)
        found: dict[int, list[StatusChange]] = defaultdict(list)
        columns = ("feedback_id", "pk", "at", "data")
        for pk, *change in rows.order_by("pk").values_list(*columns):
            found[pk].append((change[0], change[1], change[2]))
        return found

    @cached_property
    def _last(self) -> dict[int, TimelineEntry]:
        rows = TimelineEntry.objects.filter(feedback__among=self.records)
        last = rows.order_by("feedback_id", "-pk").distinct("feedback_id")
        return {one.feedback_id: one for one in last}

    @cached_property
    def _statuses(self) -> dict[str, Status]:
        return {one.code: one for one in Status.objects.all()}

    @cached_property
    def _clocks(self) -> dict[int, list[SLAClock]]:
        found: dict[int, list[SLAClock]] = defaultdict(list)
        for clock in SLAClock.objects.filter(feedback__among=self.records).order_by("pk"):
            found[clock.feedback_id].append(clock)
        return found

    @cached_property
    def _noted(self) -> set[tuple[int | None, str, datetime]]:
        rows = SLAEvent.objects.filter(
            feedback__among=self.records, kind__in=NOTED_ONCE
        ).order_by()
        return set(rows.values_list("clock_id", "kind", "due_at"))

    @cached_property
    def _promises(self) -> dict[int, list[Promise]]:
        found: dict[int, list[Promise]] = defaultdict(list)
        rows = dated(Commitment.objects.open().filter(feedback__among=self.records))
        for pk, due_on, since in rows.values_list("feedback_id", "due_on", "since"):
            found[pk].append((due_on, since))
        return found

    @cached_property
    def _following(self) -> dict[int, dict[int, bool]]:
        """Record → person → whether they follow it, or one that was merged into it."""
        groups = Q(feedback__among=self.records) | Q(feedback__merged_into__among=self.records)
        found: dict[int, dict[int, bool]] = defaultdict(dict)
        columns = ("feedback_id", "feedback__merged_into_id", "user_id", "stopped_at")
        for own, into, person, stopped_at in Follower.objects.filter(groups).values_list(*columns):
            for pk in {own, into} & self.records.keys():
                # Who stopped following one of them and not the other follows.
                found[pk][person] = found[pk].get(person, False) or stopped_at is None
        return found

    @cached_property
    def _points(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        rows = NegativePoint.objects.filter(case__among=self.records, done_at=None)
        for pk, kind in rows.values_list("case_id", "kind"):
            found[pk].add(kind)
        return found

    @cached_property
    def _required(self) -> list[NegativePointKind]:
        return required_points()

    @cached_property
    def _excused(self) -> set[int]:
        rows = NegativeCase.objects.filter(pk__among=self.records).exclude(excuse="")
        return set(rows.values_list("pk", flat=True))

    def facts(self, feedback: Feedback) -> Facts:
        known = self._facts.get(feedback.pk, {})
        if "tag" in self._asked:
            known = known | {"tag": {tag.pk for tag in self.tags(feedback)}}
        return Facts(feedback, known)

    def status_changes(self, feedback: Feedback) -> list[StatusChange]:
        told = self.told_just_now(feedback)
        fresh = [(None, one.at, one.data) for one in told if one.kind in STATUS_KINDS]
        return [*self._changes[feedback.pk], *fresh]

    def last_entry(self, feedback: Feedback) -> TimelineEntry | None:
        told = self.told_just_now(feedback)
        return told[-1] if told else self._last.get(feedback.pk)

    def statuses(self, codes: Collection[str]) -> dict[str, Status]:
        return {code: self._statuses[code] for code in codes if code in self._statuses}

    def clocks(self, feedback: Feedback) -> Sequence[SLAClock]:
        return self._clocks[feedback.pk]

    def promises(self, feedback: Feedback) -> list[Promise]:
        return self._promises[feedback.pk]

    def told_about(self, feedback: Feedback) -> Collection[int]:
        known = self._following[feedback.pk]
        follow = {person for person, is_on in known.items() if is_on}
        if feedback.assignee_id is not None and known.get(feedback.assignee_id, True):
            follow.add(feedback.assignee_id)
        return follow

    def missing_points(self, feedback: Feedback) -> list[NegativePointKind]:
        left = self._points[feedback.pk]
        return [kind for kind in self._required if kind in left] if left else []

    def is_excused(self, feedback: Feedback) -> bool:
        return feedback.pk in self._excused

    def tags(self, feedback: Feedback) -> list[Tag]:
        return self._tags[feedback.pk]

    def may_work_in(self, user: User, team: Team) -> bool:
        if user.pk not in self._seats:
            assignees = {one.assignee_id for one in self.records.values() if one.assignee_id}
            asked = ({user.pk} | assignees) - self._seats.keys()
            self._seats |= {pk: set() for pk in asked}
            seats = Membership.objects.filter(user__among=asked).order_by()
            for person, place in seats.values_list("user_id", "team_id"):
                self._seats[person].add(place)
            everywhere = RolesBackend().with_perm("accounts.view_every_team")
            self._everywhere.update(
                everywhere.filter(pk__among=asked).order_by().values_list("pk", flat=True)
            )
        return team.pk in self._seats[user.pk] or user.pk in self._everywhere
