"""Comments of colleagues on a survey that is being written."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.enums import NoticeKind
from feedback.errors import MentionNotAllowed
from feedback.rules.mentions import find_mentions, handles_of
from feedback.services.notifying import mark_read, notify_of_page
from surveys.errors import NothingToChange, NotYourComment
from surveys.flow.editing import codes_of, is_outline
from surveys.models import Survey, SurveyComment
from surveys.selectors.comments import people_who_may_comment
from surveys.services.building import current_version


@transaction.atomic
def write_comment(
    survey_id: int, text: str, *, by: User, page: str = "", element: str = ""
) -> SurveyComment:
    """Say something about a question, a page or the whole survey; who is mentioned is told.
    Raises MentionNotAllowed for somebody who cannot open the builder or a name that several have,
    and NothingToChange for a question or page that is not there."""
    survey = Survey.objects.get(pk=survey_id)
    _ensure_there(survey, page, element)
    mentioned = _mentioned_in(text)
    comment = SurveyComment.objects.create(
        survey=survey, page=page, element=element, text=text, mentions=mentioned, author=by
    )
    notify_of_page(
        mentioned,
        NoticeKind.MENTIONED,
        by=by,
        page=comment.get_absolute_url(),
        title=survey.title,
        text=text,
    )
    return comment


@transaction.atomic
def settle_comment(comment_id: int, *, by: User, settled: bool = True) -> SurveyComment:
    """Nothing is left to do about it; or (not `settled`) there is after all."""
    comment = SurveyComment.objects.select_for_update(of=["self"]).get(pk=comment_id)
    if settled != (comment.resolved_at is not None):
        comment.resolved_at = timezone.now() if settled else None
        comment.resolved_by = by if settled else None
        comment.save(update_fields=["resolved_at", "resolved_by"])
    return comment


@transaction.atomic
def remove_comment(comment_id: int, *, by: User) -> None:
    """Raises NotYourComment: only who wrote it takes it back."""
    comment = SurveyComment.objects.select_for_update(of=["self"]).get(pk=comment_id)
    if comment.author_id != by.pk:
        raise NotYourComment
    comment.delete()


def comments_were_read(survey: Survey, by: User) -> None:
    """What somebody was told of the comments of a survey, they see now."""
    mark_read(by, page=reverse("surveys:comments", args=[survey.slug]))


def _ensure_there(survey: Survey, page: str, element: str) -> None:
    if not page and not element:
        return
    raw = current_version(survey.pk).definition
    known = is_outline(raw) and (
        element.lower() in codes_of(raw)
        if element
        else any(one["code"] == page for one in raw["pages"])
    )
    if not known:
        raise NothingToChange


def _mentioned_in(text: str) -> list[int]:
    if "@" not in text:
        return []
    people = User.objects.filter(is_active=True)
    found = find_mentions(text, handles_of(people.values_list("pk", "name", "email")))
    ambiguous = sorted({one.handle for one in found if len(one.people) > 1})
    if ambiguous:
        raise MentionNotAllowed(ambiguous=ambiguous)
    wanted = {next(iter(one.people)) for one in found}
    allowed = set(people_who_may_comment().filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - allowed:
        names = User.objects.filter(pk__in=wanted - allowed).values_list("name", flat=True)
        raise MentionNotAllowed(hidden_from=sorted(names))
    return sorted(wanted)
