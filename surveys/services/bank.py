"""The question bank: questions that were put aside for other surveys."""

from copy import deepcopy

from django.db import transaction
from django.db.models import F

from accounts.models import User
from surveys.flow import editing
from surveys.flow.editing import Raw
from surveys.models import QuestionBankItem
from surveys.questions.registry import TYPES
from surveys.services.building import change_draft, roles_of, taken_codes


@transaction.atomic
def put_into_bank(element: Raw, *, name_zh: str, name_en: str, by: User) -> QuestionBankItem:
    """Conditions stay behind: they name questions that another survey does not have."""
    kept = editing.without_others(element)
    return QuestionBankItem.objects.create(
        name_zh=name_zh, name_en=name_en, element=kept, saved_by=by
    )


@transaction.atomic
def take_from_bank(survey_id: int, item: QuestionBankItem, *, page: str, by: User) -> str:
    """A copy of a question of the bank at the end of a page; gives its code."""

    def change(raw: Raw) -> str:
        code = editing.new_code("q", taken_codes(survey_id, raw))
        element = editing.under_code(deepcopy(item.element), code)
        role = element.get("role", TYPES[element["type"]].usual_role)
        if role in roles_of(raw):
            element["role"] = "none"
        editing.add_element(raw, element, page)
        return code

    code = str(change_draft(survey_id, change, by=by, said="added"))
    QuestionBankItem.objects.filter(pk=item.pk).update(uses=F("uses") + 1)
    return code


@transaction.atomic
def save_bank_item(item: QuestionBankItem) -> QuestionBankItem:
    """Keep what it is called (or, of a new one, all of it)."""
    if item.pk is None:
        item.save()
    else:
        item.save(update_fields=["name_zh", "name_en", "element"])
    return item


@transaction.atomic
def remove_from_bank(item_id: int) -> None:
    """Surveys that took it keep their own."""
    QuestionBankItem.objects.filter(pk=item_id).delete()
