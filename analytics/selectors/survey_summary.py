"""What became of everybody who came to a survey: the strip above its results."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from accounts.models import User
from analytics.selectors.who_came import Came, Times, times_of, who_came
from surveys.enums import InvitationState, ResponseStatus
from surveys.models import Invitation, Response, Survey
from surveys.selectors.overview import REACHED
from surveys.selectors.response_list import Chosen, narrowed


@dataclass(frozen=True, slots=True)
class Summary:
    """Responses by how they ended; tests are left out everywhere. `left_out` were handed in and
    taken out of the figures. `median` is the time that complete ones took, to the
    second, as far as it is known.
    `reached` people got an invitation, `replied` of them handed in; both None where the filters
    ask for what is not known of an invitation."""

    complete: int
    left_out: int
    partial: int
    running: int
    screened_out: int
    quota_full: int
    median: timedelta | None
    reached: int | None
    replied: int | None

    @property
    def begun(self) -> int:
        return sum(
            (
                self.complete,
                self.left_out,
                self.partial,
                self.running,
                self.screened_out,
                self.quota_full,
            )
        )

    @property
    def left(self) -> float | None:
        """The share of those who are through with it, one way or the other, who left half-way,
        0..1; who is still answering has left nowhere. None where nobody is."""
        over = self.begun - self.running
        return self.partial / over if over else None

    @property
    def rate(self) -> float | None:
        """The share of those reached who handed in, 0..1; None where nobody was reached."""
        if not self.reached or self.replied is None:
            return None
        return self.replied / self.reached


def survey_summary(
    survey: Survey,
    chosen: Chosen,
    user: User,
    came: Came | None = None,
    times: Times | None = None,
) -> Summary:
    """As far as `user` may see, by where answers come from and by day; what was answered and
    conditions are not asked of those who have not finished (the median time is that of exactly
    the responses that are counted). `came` are the same people and `times` those of the
    responses, where they were counted already. Three queries at most."""
    came = came or who_came(survey, chosen, user)
    complete, rejected = ResponseStatus.COMPLETE, ResponseStatus.REJECTED
    median = came.median
    if is_by_answers(chosen):
        seen = Response.objects.visible_to(user).filter(survey=survey)
        median = (times or times_of(narrowed(seen.complete(), chosen))).median
    reached, replied = _invited(survey, chosen, user)
    return Summary(
        complete=came.count(complete, is_counted=True),
        left_out=came.count(complete, is_counted=False) + came.count(rejected),
        partial=came.count(ResponseStatus.PARTIAL),
        running=came.count(ResponseStatus.DRAFT),
        screened_out=came.count(ResponseStatus.SCREENED_OUT),
        quota_full=came.count(ResponseStatus.QUOTA_FULL),
        median=median,
        reached=reached,
        replied=replied,
    )


def is_by_answers(chosen: Chosen) -> bool:
    """Whether filters ask for what only those who finished have said."""
    return bool(chosen.given or chosen.question or chosen.condition)


def _invited(survey: Survey, chosen: Chosen, user: User) -> tuple[int | None, int | None]:
    """An invitation knows its way and its wave, and nothing of what was answered."""
    if (
        chosen.language
        or chosen.version is not None
        or chosen.imported is not None
        or chosen.others
        or chosen.within
        or is_by_answers(chosen)
    ):
        return None, None
    asked = Invitation.objects.visible_to(user).filter(collector__survey=survey, state__in=REACHED)
    if chosen.collector is not None:
        asked = asked.filter(collector=chosen.collector)
    if chosen.wave is not None:
        asked = asked.filter(wave__number=chosen.wave)
    found = asked.order_by().aggregate(
        reached=Count("pk"), replied=Count("pk", filter=Q(state=InvitationState.COMPLETED))
    )
    return found["reached"], found["replied"]
