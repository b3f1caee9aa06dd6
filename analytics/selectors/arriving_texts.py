"""What came in, as models read it: samples of a bounded size, for seeing whether it changes."""

import random
from datetime import datetime

from accounts.selectors.personal_data import company_patterns
from analytics.selectors.lessons import as_models_read, told
from analytics.text.comparison import is_frozen
from feedback.models import Feedback

LOOKED_BACK = 20_000  # records among which those are that nothing was learned from
A_WEEK = 500  # texts of a week that are looked at
SEED = 17


def never_learned_before(moment: datetime) -> list[str]:
    """Of the newest records of before, the tenth that no model learns from, whatever people said
    of them: what a model says of texts that it has learned would look surer than it is."""
    rows = Feedback.objects.filter(received_at__lt=moment).order_by("-pk")
    keys = rows.values_list("pk", flat=True)[:LOOKED_BACK]
    return _texts([pk for pk in keys if is_frozen(str(pk))])


def came_between(start: datetime, end: datetime) -> list[str]:
    """A random sample of what came in, always the same one of the same records."""
    rows = Feedback.objects.filter(received_at__gte=start, received_at__lt=end).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    if len(keys) > A_WEEK:
        keys = random.Random(SEED).sample(keys, A_WEEK)  # noqa: S311 - a sample
    return _texts(keys)


def _texts(keys: list[int]) -> list[str]:
    rows = told(Feedback.objects.filter(pk__in=keys))
    own = company_patterns()
    return [text for row in rows if (text := as_models_read(row, own)).strip()]
