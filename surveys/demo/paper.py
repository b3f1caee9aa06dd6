"""Forms on paper in the demo company: some entered, one that two people read differently."""

from collections.abc import Sequence

from accounts.models import User
from config.kernel.events import held_back
from surveys.enums import PaperLanguage
from surveys.models import PaperBatch, PaperForm, Survey
from surveys.services.papers import enter_form, make_batch

_READ = (
    {"place": "1", "uses": "1,2", "quality": "4", "satisfied": "4", "likely": "8", "easy": "6"},
    {"place": "1", "uses": "3", "quality": "5", "satisfied": "5", "likely": "9", "easy": "7"},
    {"place": "2", "uses": "2", "quality": "3", "satisfied": "3", "likely": "?", "easy": "4"},
    {"place": "1", "uses": "1,4", "quality": "2", "satisfied": "2", "likely": "3", "easy": "2"},
    {"place": "1", "uses": "1", "quality": "4", "satisfied": "5", "likely": "10", "easy": "6"},
)
_STORY = "出水有点慢，味道很好。"


def hand_out_forms(survey: Survey, people: Sequence[User]) -> PaperBatch:
    """Twelve forms for the shops; three of five that came back count, one waits for somebody
    else, and of one the two entries differ."""
    first, second = people[:2]
    batch = make_batch(
        PaperBatch(
            survey=survey,
            name="深圳门店 Shops in Shenzhen",
            language=PaperLanguage.BOTH,
            twice_percent=0,
        ),
        count=12,
        by=first,
    )
    numbers = list(batch.forms.values_list("serial", flat=True)[: len(_READ)])
    PaperForm.objects.filter(serial__in=numbers[:2]).update(is_twice=True)
    with held_back():  # a job for each would outlive the company
        for serial, fields in zip(numbers, _READ, strict=True):
            enter_form(
                survey.pk,
                serial=serial,
                fields=fields | {"story": _STORY},
                language="zh-hans",
                by=first,
            )
        again = _READ[0] | {"story": "出水有点慢，味道不错。", "likely": "6"}
        enter_form(survey.pk, serial=numbers[0], fields=again, language="zh-hans", by=second)
    PaperBatch.objects.filter(pk=batch.pk).update(twice_percent=15)
    return batch
