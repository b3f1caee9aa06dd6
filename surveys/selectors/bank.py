"""The question bank as it is looked through."""

from django.db.models import Q, QuerySet

from surveys.models import QuestionBankItem

LONGEST = 200


def bank_items(words: str = "") -> QuerySet[QuestionBankItem]:
    """Those whose name or wording has all of `words`, the newest first."""
    found = QuestionBankItem.objects.select_related("saved_by")
    for word in words.replace("\x00", "")[:LONGEST].split():
        found = found.filter(
            Q(name_zh__icontains=word)
            | Q(name_en__icontains=word)
            | Q(element__text__icontains=word)
        )
    return found
