"""The question bank as it is looked through."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from surveys.flow.checks_of_elements import element_faults
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


def faults_of_element(element: Any) -> list[str]:
    """What keeps a question from being one of the bank; its wording decides the languages."""
    languages = [code for code, _name in settings.LANGUAGES]
    spoken = element.get("text") if isinstance(element, dict) else None
    known = [one for one in languages if isinstance(spoken, dict) and one in spoken]
    return list(element_faults(element, known or languages))
