"""A new survey with what it begins with."""

from collections.abc import Iterable
from copy import deepcopy

from django.db import transaction

from accounts.models import User
from surveys.flow.editing import Raw, add_page, is_outline
from surveys.models import QuestionBankItem, Survey
from surveys.services.bank import take_from_bank
from surveys.services.editing import EMPTY, save_survey
from surveys.services.publishing import save_draft


@transaction.atomic
def begin_survey(
    survey: Survey,
    *,
    definition: Raw | None = None,
    languages: Iterable[str] = (),
    items: Iterable[QuestionBankItem] = (),
    by: User,
) -> Survey:
    """Make `survey` with a draft: a copy of `definition` (empty without one), in `languages`
    (those of the definition without any) and under the survey's title, and copies of `items`."""
    saved = save_survey(survey)
    items = list(items)
    begun = deepcopy(definition if definition is not None else EMPTY)
    if definition is None:
        add_page(begun)
    if is_outline(begun):
        begun["languages"] = [*languages] or begun["languages"]
        titles = {"zh-hans": saved.title_zh, "en": saved.title_en}
        texts = dict(begun.get("texts") or {})
        begun["texts"] = texts | {"title": {one: titles[one] for one in begun["languages"]}}
    save_draft(saved.pk, definition=begun, by=by)
    for item in items:
        take_from_bank(saved.pk, item, page="", by=by)
    return saved
