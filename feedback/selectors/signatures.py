"""Which signature stands below an answer: one's own, else that of the record's team."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.models import Team, User
from feedback.models import Feedback, Signature


def with_signature(records: QuerySet[Feedback], user: User) -> QuerySet[Feedback]:
    """With the texts that `user` would sign an answer with (`signature_texts`: zh and en, None
    without one), in the same query."""
    fits = Q(user=user) | Q(team=OuterRef("team"))
    own_first = Signature.objects.filter(fits).order_by(F("user").asc(nulls_last=True))
    texts = own_first.values(texts=JSONObject(zh="body_zh", en="body_en"))
    return records.annotate(signature_texts=Subquery(texts[:1]))


def signature_of(feedback: Feedback, by: User) -> Signature | None:
    fits = Q(user=by)
    if feedback.team_id is not None:
        fits |= Q(team=feedback.team_id)
    return Signature.objects.filter(fits).order_by(F("user").asc(nulls_last=True)).first()


def teams_signed_for(user: User) -> QuerySet[Team]:
    """The teams whose signature the user may write: those they lead, or all."""
    teams = Team.objects.active()
    if user.has_perm("accounts.change_team"):
        return teams
    return teams.filter(memberships__user=user, memberships__is_lead=True)
