"""What analytics keeps about customers: what was read of their texts, and what problems and
measures quote of them."""

from collections.abc import Collection

from django.db.models import Q

from accounts.services.privacy_keepers import Exported, Keeper, Person
from analytics.models import PublicationComment, PublicationQuote, TextReading
from analytics.services.forgotten_words import forget_words_of_people
from analytics.services.improvement_privacy import IMPROVEMENT_TEXTS, forget_in_improvement
from analytics.services.publication_privacy import (
    PUBLICATION_TEXTS,
    export_publications,
    forget_in_publications,
)


def _export(person: Person) -> Exported:
    """What they wrote under plans, and where they are quoted; the other texts are in the copy of
    records and responses."""
    return Exported(export_publications(person))


def _forget(person: Person) -> dict[str, int]:
    theirs = Q(feedback__customer__in=person.ids) | Q(response__customer__in=person.ids)
    theirs |= Q(message__feedback__customer__in=person.ids)
    gone, _ = TextReading.objects.filter(theirs).delete()
    forget_words_of_people()
    return {
        "readings": gone,
        "improvement": forget_in_improvement(person),
        "publications": forget_in_publications(person),
    }


def forget_readings_of(feedback_ids: Collection[int]) -> int:
    """After records were anonymised; what is left of their texts may be read anew. Gives how
    many readings went."""
    theirs = Q(feedback__in=feedback_ids) | Q(message__feedback__in=feedback_ids)
    return TextReading.objects.filter(theirs).delete()[0]


ANALYTICS = Keeper(
    "analytics",
    _export,
    _forget,
    forgets={
        TextReading: ("sentences", "aspects", "words", "personal", "marks"),
        **IMPROVEMENT_TEXTS,
        **PUBLICATION_TEXTS,
    },
    exports={PublicationComment: ("text", "shown"), PublicationQuote: ("text",)},
)
