"""Categories that customers chose in forms: a hint for learning, not a decision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q

from accounts.selectors.personal_data import company_patterns
from analytics.selectors.lessons import as_models_read, told
from analytics.text.comparison import is_frozen
from analytics.text.seeds import places_by_seeds
from feedback.enums import Channel, TimelineKind
from feedback.models import Category, Feedback, FormDefinition, TimelineEntry

MOST = 10_000  # the newest
MOST_OF_ONE = 500  # of one category: whoever floods a form teaches no more than that


def chosen_by_customers(words: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """(text, id of a category) of records whose category a customer chose in a form and nobody,
    no rule and no machine has touched since. `words`: what tells each category, by its id.

    Who chose a main category has not said which of those below it is meant: that is guessed by
    words among these, and left out where the words do not say. What is kept for measuring is left
    out as well: somebody may decide it yet.
    """
    touched = TimelineEntry.objects.filter(
        Q(kind=TimelineKind.CATEGORY) | Q(kind=TimelineKind.REVIEWED, data__has_key="category"),
        feedback=OuterRef("pk"),
    )
    taken_down = TimelineEntry.objects.filter(
        feedback=OuterRef("pk"), kind=TimelineKind.RECEIVED, actor__isnull=False
    )
    records = Feedback.objects.filter(
        ~Exists(touched), ~Exists(taken_down), channel=Channel.WEB_FORM, category__archived_at=None
    )
    # A form that offers one category has nothing to choose.
    offered = FormDefinition.objects.values_list("pk", "categories")
    without_choice = [pk for pk, categories in offered if len(categories) == 1]
    records = records.exclude(category=None).exclude(form__in=without_choice)
    texts: dict[int, dict[str, None]] = defaultdict(dict)  # what is said twice counts once
    own = company_patterns()
    for row in told(records)[:MOST]:
        different = texts[row["category_id"]]
        if len(different) >= MOST_OF_ONE or is_frozen(str(row["pk"])):
            continue
        if (text := as_models_read(row, own)).strip():
            different[text] = None
    below = _below(texts)
    found = []
    for chosen, different in texts.items():
        said = list(different)
        labels = below.get(chosen)
        if not labels:
            found += [(text, str(chosen)) for text in said]
            continue
        places = places_by_seeds(said, labels, words)
        found += [(text, labels[at]) for text, at in zip(said, places, strict=True) if at >= 0]
    return found


def _below(keys: Mapping[int, object]) -> dict[int, list[str]]:
    """Of each the ids of the categories in use that stand below it."""
    active = list(Category.objects.active().order_by("pk").values_list("pk", "path"))
    return {
        one: [str(pk) for pk, path in active if f"/{one}/" in path and pk != one] for one in keys
    }
