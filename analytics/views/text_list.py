"""Texts behind a number, with personal data covered."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from accounts.access import covers_of
from accounts.selectors.personal_data import Cover
from analytics.models import TextReading
from config.kernel.text.personal_data.masking import masked, masked_beginning
from surveys.models import Answer

A_PAGE = 25
EXCERPT = 300
LOOKED_AT = 2_000  # letters of a text, which may be a book: enough for what is shown of it


def text_list(request: HttpRequest, readings: QuerySet[TextReading]) -> dict[str, Any]:
    """What templates/analytics/text/_list.html needs: one page of them."""
    whose = ("message", "feedback", "question", "response__survey")
    shown = readings.select_related(*whose)
    answers = Prefetch("response__answers", Answer.objects.exclude(text=None), to_attr="written")
    page = Paginator(shown.prefetch_related(answers), A_PAGE).get_page(request.GET.get("page"))
    cover = covers_of(request).in_lists  # templates of the same request ask for it, too
    return {
        "page": page,
        "rows": [(one, _excerpt(one, cover), _subject(one, cover)) for one in page],
    }


def _subject(reading: TextReading, cover: Cover) -> str:
    return masked(cover(reading.feedback.subject)) if reading.feedback else ""


def _excerpt(reading: TextReading, cover: Cover) -> str:
    """The text with personal data covered, by patterns of the company, too; the record itself
    shows it to who may see it."""
    if reading.message is not None:
        text = reading.message.text
    else:
        written = getattr(reading.response, "written", [])
        text = next((one.text for one in written if one.question_id == reading.question_id), "")
    text = masked_beginning(text or "", LOOKED_AT, cover.own)
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"
