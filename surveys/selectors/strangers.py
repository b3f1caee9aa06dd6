"""Whose answers strangers may count: nobody is told from two looks at a figure."""

from django.db.models import Q

from surveys.models.response import ResponseQuerySet

TOGETHER = 5  # responses that come into the figures of strangers at one moment


def counted_for_strangers(responses: ResponseQuerySet, n: int) -> tuple[ResponseQuerySet, int]:
    """Of `n` complete responses those that were in when the last five were together, and how many
    they are. Who looks again after one more answer came in learns nothing of it, after five more
    what five people said. One query, of the newest four at most."""
    waiting = n % TOGETHER
    if not waiting:
        return responses, n
    newest = responses.order_by("-completed_at", "-pk").values_list("pk", flat=True)[:waiting]
    return responses.filter(~Q(pk__in=list(newest))), n - waiting
