"""Records in which customers thank us: as their words were read, or as a person says."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.selectors.personal_data import Cover
from analytics.models import PraiseDecision, TextReading
from analytics.selectors.window import Window
from config.kernel.text.personal_data.masking import masked_beginning
from feedback.enums import Direction, Mood
from feedback.models import Feedback, Message
from feedback.models.feedback import FeedbackQuerySet
from surveys.models import Answer

# From here on words that are not ironic are thanks, on the scale of -100 to 100.
WARM = 50
TOP = 5  # of five; words beside it are thanks unless they sound negative
LONGEST = 280  # letters of what a customer wrote
# Who is thanked: whoever resolved the record, else whoever takes care of it.
CREDITED = Coalesce(F("resolved_by"), F("assignee"))


def records_seen(user: User) -> FeedbackQuerySet:
    """What counts of what `user` may see; nothing without the right to see feedback."""
    if not user.has_perm("feedback.view_feedback"):
        return Feedback.objects.none()
    return Feedback.objects.visible_to(user).of_customers()


def warm_words(user: User) -> QuerySet[TextReading]:
    """Texts about records that are thanks as they were read; without answers to surveys where
    `user` may not read those."""
    warm = Q(mood=Mood.POSITIVE, sentiment__gte=WARM)
    top = Q(response__isnull=False, feedback__satisfaction=TOP) & ~Q(mood=Mood.NEGATIVE)
    found = TextReading.objects.filter(warm | top, feedback__isnull=False, is_ironic=False)
    if user.has_perm("surveys.view_response"):
        return found
    return found.filter(response__isnull=True)


def praised(user: User, window: Window) -> FeedbackQuerySet:
    """Records in which a customer thanked us within the period, or of which a person said so
    then; without those of which a person said that it is none."""
    read = warm_words(user).filter(window.inside("said_at")).values("feedback")
    said = PraiseDecision.objects.order_by()
    yes = said.filter(window.inside("at"), is_praise=True).values("feedback")
    records = records_seen(user).filter(Q(pk__in=read) | Q(pk__in=yes))
    no = said.filter(is_praise=False).values("feedback")
    return records.exclude(pk__in=no).annotate(credited=CREDITED)


def words_of(records: Sequence[Feedback], user: User, cover: Cover) -> Mapping[int, str]:
    """What the customer wrote, id of the record → the warmest of their words that `user` may
    read, else the last; in as many queries for any number of records."""
    ids = [one.pk for one in records]
    said = Message.objects.filter(feedback__in=ids, direction=Direction.IN)
    in_order = said.order_by("created_at", "pk").values_list("feedback", "text")
    found: dict[int, str] = dict(in_order)
    rows = warm_words(user).filter(feedback__in=ids).order_by("sentiment", "pk")
    warm = list(rows.values_list("feedback", "message__text", "response", "question"))
    answers = _answers({response for _pk, _text, response, _asked in warm if response})
    for pk, text, response, question in warm:
        words = text or answers.get((response, question), "")
        if words:
            found[pk] = words
    return {pk: cover(masked_beginning(text, LONGEST)) for pk, text in found.items()}


def _answers(responses: set[int]) -> dict[tuple[int, int], str]:
    if not responses:
        return {}
    rows = Answer.objects.filter(response__in=responses, text__isnull=False)
    told = rows.values_list("response", "question", "text")
    return {(one, asked): text or "" for one, asked, text in told}
