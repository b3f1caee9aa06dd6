"""Taking the demo company away again, without touching anything real.

What real people wrote stays, also when it was given to a demo team or answered by a demo agent;
it only loses what points into the demo. Rows are deleted through the ORM and not by hand, so that
a table that somebody adds later is followed by its `on_delete`.
"""

from collections import defaultdict
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    ApiToken,
    ContactPoint,
    Customer,
    CustomField,
    Organisation,
    OutgoingMessage,
    Team,
    User,
)
from analytics.demo.alerts import alerts_of_demo
from analytics.demo.boards import boards_of_demo, forget_boards
from analytics.demo.fields import remove_fields, remove_forms
from analytics.demo.improvement import forget_problems
from analytics.demo.publications import forget_publications
from analytics.models import (
    DemoCompany,
    Problem,
    Report,
    ReportSchedule,
    ReportVersion,
    TextModel,
    Topic,
    TopicSet,
    TopicText,
)
from feedback.enums import State
from feedback.models import (
    Attachment,
    AutomationRule,
    AutomationRun,
    Commitment,
    Feedback,
    FormDefinition,
    InboundMail,
    Macro,
    Mailbox,
    MailReference,
    Message,
    Product,
    QualityTrace,
    ReplyTemplate,
    RoutingRule,
    SavedView,
    SLAClock,
    SLAEscalation,
    SLAEvent,
    Status,
    Tag,
    Task,
    TimelineEntry,
)
from surveys.demo.company import forget_purifiers
from surveys.demo.events import forget_events
from surveys.models import Answer, Collector, Gathering, Invitation, Response, Survey

Removed = dict[type[Model], set[Any]]


@transaction.atomic
def remove_demo() -> bool:
    """Delete every row and file of the demo company; False when there is none.

    Triggers sleep meanwhile: a timeline cannot be deleted otherwise, and a history of people who
    never were would be left behind.
    """
    company = DemoCompany.objects.select_for_update().first()
    if company is None:
        return False
    with pgtrigger.ignore():
        removed = _marked_rows()
        alerts_of_demo(company).delete()
        _free_real_records()
        _delete_reports(company)
        forget_publications(company.unmarked)
        forget_problems(company.unmarked.get(Problem._meta.label, []))
        _delete_records()
        removed[Topic] = _forget_what_it_taught()
        removed[AutomationRule] = _delete_rules(company)
        surveys = company.unmarked.get(Survey._meta.label, [])
        ways = Collector.objects.filter(survey__in=surveys)
        removed[Collector] = set(ways.values_list("pk", flat=True))
        removed[Survey] = set(surveys)
        forget_purifiers(surveys)
        forget_events(company.unmarked.get(Gathering._meta.label, []))
        removed[Macro] = _delete_unchanged(company, Macro, Macro.objects.all())
        kept = Macro.objects.exclude(template=None).values("template")
        templates = ReplyTemplate.objects.exclude(pk__in=kept)
        removed[ReplyTemplate] = _delete_unchanged(company, ReplyTemplate, templates)
        _delete_people_and_things(company)
        forms = company.unmarked.get(FormDefinition._meta.label, [])
        removed[FormDefinition] = remove_forms(forms)
        removed[CustomField] = remove_fields(company.unmarked.get(CustomField._meta.label, []))
        _delete_history(removed)
        company.delete()
    return True


def _marked_rows() -> Removed:
    """The keys of what will be gone, for their history."""
    marked: list[QuerySet[Any]] = [
        User.objects.filter(is_demo=True),
        Team.objects.filter(is_demo=True),
        Customer.objects.filter(is_demo=True),
        ContactPoint.objects.filter(customer__is_demo=True),
        ApiToken.objects.filter(user__is_demo=True),
        Mailbox.objects.filter(is_demo=True),
        _views(),
        *boards_of_demo(),
    ]
    return {rows.model: set(rows.values_list("pk", flat=True)) for rows in marked}


def _views() -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner__is_demo=True) | Q(team__is_demo=True))


def _free_real_records() -> None:
    """Cut what leads from real rows into the demo where a key would not let go by itself."""
    real = Feedback.objects.filter(customer__is_demo=False)
    real.filter(team__is_demo=True).update(team=None)
    real.filter(assignee__is_demo=True).update(assignee=None)
    real.filter(product__is_demo=True).update(product=None)
    real.filter(follow_up_of__customer__is_demo=True).update(follow_up_of=None)
    status = Status.objects.default_for(State.OPEN)
    real.filter(merged_into__customer__is_demo=True).update(
        merged_into=None, status=status, state=status.state
    )
    # `actor_name` stays: who did it was part of the story.
    TimelineEntry.objects.filter(feedback__customer__is_demo=False, actor__is_demo=True).update(
        actor=None
    )
    Mailbox.objects.filter(is_demo=False, team__is_demo=True).update(team=None)
    RoutingRule.objects.filter(set_team__is_demo=True).update(set_team=None)
    RoutingRule.objects.filter(set_assignee__is_demo=True).update(set_assignee=None)
    ReplyTemplate.objects.filter(team__is_demo=True).update(team=None)
    Macro.objects.filter(team__is_demo=True).update(team=None)
    SLAEscalation.objects.filter(team__is_demo=True).delete()
    _views().delete()
    forget_boards()


def _delete_records() -> None:
    """Feedback of demo customers with everything that hangs on it. Leaves first: then each is
    one statement, where a cascade would fetch 100,000 rows."""
    of_demo = Q(feedback__customer__is_demo=True)
    judged = Response.objects.filter(of_demo | Q(customer__is_demo=True))
    Answer.objects.filter(response__in=judged).delete()
    _hold_records()
    judged.delete()
    Invitation.objects.filter(of_demo | Q(customer__is_demo=True)).delete()
    files = Attachment.objects.filter(message__feedback__customer__is_demo=True)
    _forget_files(list(files.values_list("file", flat=True)))
    files.delete()
    for model in (
        AutomationRun,
        TimelineEntry,
        SLAEvent,
        SLAClock,
        MailReference,
        Task,
        Commitment,
        QualityTrace,
    ):
        model._default_manager.filter(of_demo).delete()
    Message.objects.filter(of_demo).delete()
    InboundMail.objects.filter(mailbox__is_demo=True).delete()
    people = User.objects.filter(is_demo=True).values("email")
    OutgoingMessage.objects.filter(
        Q(customer__is_demo=True) | Q(customer=None, to_address__in=people)
    ).delete()
    Feedback.objects.filter(customer__is_demo=True).update(merged_into=None, follow_up_of=None)
    Feedback.objects.filter(customer__is_demo=True).delete()


def _hold_records() -> None:
    """Wait for whoever is at a record just now, and have everybody else wait. The worker that
    reads texts holds a record (or the answers of a response) and asks for its messages at its end:
    without this it waits for us and we for it, and the database ends one of the two."""
    records = Feedback.objects.filter(customer__is_demo=True).order_by("pk")
    list(records.select_for_update(of=["self"]).values_list("pk", flat=True))


def _delete_reports(company: DemoCompany) -> None:
    """Those that the demo made, and all that people of the demo own: their figures are its."""
    made = Q(pk__in=company.unmarked.get(Report._meta.label, []))
    reports = Report.objects.filter(made | Q(owner__is_demo=True))
    files = ReportVersion.objects.filter(report__in=reports).exclude(file="")
    _forget_files(list(files.values_list("file", flat=True)))
    reports.delete()
    ReportSchedule.objects.filter(owner__is_demo=True).delete()


def _forget_files(names: list[str]) -> None:
    """Once nothing can roll back any more: a file does not come back."""

    def forget() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(forget)


def _forget_what_it_taught() -> set[Any]:
    """Models that learned from invented records know nothing of this company, and would be as
    sure of themselves as they were of the demo: the worker learns anew from what is real. Topics
    of which no text is left go with the searches that found nothing else."""
    TextModel.objects.all().delete()
    held = TopicText.objects.exclude(topic=None).values("topic")
    topics = Topic.objects.exclude(pk__in=held)
    gone = set(topics.values_list("pk", flat=True))
    topics.delete()
    TopicSet.objects.filter(topics=None).delete()
    return gone


def _delete_unchanged(company: DemoCompany, model: type[Model], rows: Any) -> set[Any]:
    """Those of `rows` that the demo made, but for those that somebody has made their own by
    changing them."""
    made = rows.filter(pk__in=company.unmarked.get(model._meta.label, []))
    events = apps.get_model("feedback", f"{model._meta.object_name}Event")
    changed = events._default_manager.filter(pgh_label="update").values("pgh_obj")
    unchanged = made.exclude(pk__in=changed)
    keys = set(unchanged.values_list("pk", flat=True))
    unchanged.delete()
    return keys


def _delete_rules(company: DemoCompany) -> set[Any]:
    """The rules of automation; one that acted on real records is archived, its log names it."""
    keys = company.unmarked.get(AutomationRule._meta.label, [])
    made = AutomationRule.objects.filter(pk__in=keys)
    made.filter(runs__isnull=False).update(is_active=False, archived_at=timezone.now())
    unused = made.filter(runs__isnull=True)
    gone = set(unused.values_list("pk", flat=True))
    unused.delete()
    return gone


def _delete_people_and_things(company: DemoCompany) -> None:
    used = Feedback.tags.through.objects.values("tag")
    Tag.objects.filter(pk__in=company.unmarked.get(Tag._meta.label, [])).exclude(
        pk__in=used
    ).delete()
    marked: list[type[Model]] = [Customer, Organisation, Mailbox, Product, User, Team]
    for model in marked:
        model._default_manager.filter(is_demo=True).delete()


def _of_removed(events: Any, removed: Removed) -> Q:
    """The events of what was removed; of rows between two others, those of either."""
    ends = {field.name: field.related_model for field in events._meta.fields if field.is_relation}
    if "pgh_obj" in ends:
        return Q(pgh_obj__in=removed.get(events.pgh_tracked_model, ()))
    found = Q(pk__in=[])
    for name, model in ends.items():
        found |= Q(**{f"{name}__in": removed.get(model, ())})
    return found


def _delete_history(removed: Removed) -> None:
    """What the triggers wrote down about demo rows, and about real rows while the demo was
    made; then the contexts that nothing points at any more."""
    made = pghistory.models.Context.objects.filter(metadata__demo="made").values_list("pk")
    events = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    contexts: dict[Any, bool] = defaultdict(bool)
    for model in events:
        gone = Q(pgh_context__in=made) | _of_removed(model, removed)
        rows = model._default_manager.filter(gone)
        for key in rows.exclude(pgh_context=None).values_list("pgh_context", flat=True).distinct():
            contexts[key] = False
        rows.delete()
    for model in events:
        still = model._default_manager.filter(pgh_context__in=contexts)
        for key in still.values_list("pgh_context", flat=True).distinct():
            contexts[key] = True
    unused = [key for key, is_used in contexts.items() if not is_used]
    pghistory.models.Context.objects.filter(pk__in=unused).delete()
