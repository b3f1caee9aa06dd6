"""What an answer page looks like: a page of questions, the thanks, a link that leads nowhere."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from surveys.enums import ResponseStatus
from surveys.forms.browser import browser_data
from surveys.forms.paging import Paging
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Response
from surveys.selectors.answers import said_in, stored_answers, with_answers
from surveys.selectors.asked import definition_of
from surveys.selectors.doors import Entry, address_to_write_to, call_expected
from surveys.selectors.rewards import thanked_with
from surveys.selectors.shared_answers import shared_with
from surveys.views.answer_ways import Way, may_lead_to
from surveys.views.language import chosen_language

TRAP = "website"
KIOSK_SECONDS = 15  # the thanks stay for so long
ONWARD_SECONDS = 10  # before an end leads on by itself


def page_of(
    request: HttpRequest,
    way: Way,
    paging: Paging,
    *,
    status: int = 200,
    is_preset: bool = False,
    problem: str = "",
) -> HttpResponse:
    """One page of questions. `problem` is a word of the template."""
    context = {
        "sheet": paging.sheet,
        "paging": paging,
        "way": way,
        "flow": browser_data(paging),
        "survey": way.collector.survey,
        "feedback": way.invitation.feedback if way.invitation else None,
        "is_open_link": way.invitation is None,
        "is_preset": is_preset,
        "problem": problem,
        "keeps_on_leaving": may_keep_on_leaving(way, paging),
        "trap": TRAP,
    }
    return render(request, "surveys/answer/page.html", context, status=status)


def may_keep_on_leaving(way: Way, paging: Paging) -> bool:
    """Whether the browser may hand over an unfinished page when its window closes: only where the
    answers are found again by a link that is there already."""
    is_found_again = way.invitation is not None or way.draft is not None
    return paging.is_long and is_found_again and not way.is_kiosk


def kept_page(request: HttpRequest, way: Way, draft: Response) -> HttpResponse:
    """Where to go on later."""
    context = {
        "way": way,
        "survey": way.collector.survey,
        "url": settings.SITE_URL + way.url_of(draft),
        "here": way.url_of(draft),
        "days": settings.DRAFT_DAYS,
    }
    return render(request, "surveys/answer/kept.html", context)


def thanks_page(request: HttpRequest, way: Way, response: Response) -> HttpResponse:
    """Of a response that came through `for_thanks`."""
    definition = definition_of(response.version)
    sheet = Sheet(
        definition,
        chosen_language(),
        stored_answers(response, definition),
        {},
        Stamp.new(response.version.number),
    )
    end = definition.end(response.source.get("end", ""))
    said = [] if way.is_kiosk else said_in(response)
    thanked = thanked_with(response)
    on = end.url if end is not None and may_lead_to(end.url) else ""
    again = way.first_url if way.is_kiosk else ""
    context = {
        "sheet": sheet,
        "words": sheet.words((end.text if end else None) or definition.thanks),
        "on": on,
        # By itself: but nobody is taken away from a code that they have not noted yet.
        "onward": again or ("" if thanked else on),
        "is_complete": response.status == ResponseStatus.COMPLETE,
        "way": way,
        "again": again,
        "seconds": KIOSK_SECONDS if again else ONWARD_SECONDS,
        "response": response,
        # Not what was worked out or came with the link.
        "said": [one for one in said if one.question.code in response.shown],
        "shared": shared_with(response, definition, sheet.words) if said else [],
        "thanked": thanked,
        "feedback": response.feedback,
        "call": call_expected(response.feedback),
    }
    return render(request, "surveys/answer/thanks.html", context)


def for_thanks(responses: QuerySet[Response]) -> QuerySet[Response]:
    """With all that the thanks show."""
    rows = responses.select_related("feedback__status", "version").defer("version__definition")
    return with_answers(rows)


def turned_away(
    request: HttpRequest,
    entry: Entry | None,
    way: Way | None = None,
    typed: Sequence[str] = (),
) -> HttpResponse:
    """A kind page for a link that does not lead on, with another way to speak to us. `entry` is
    None for a link that never was one of ours; `typed` is given back to whoever wrote it."""
    feedback = way.invitation.feedback if way is not None and way.invitation else None
    context = {
        "way": way,
        "door": entry.door.value if entry is not None else "foreign",
        "at": entry.at if entry is not None else None,
        "feedback": feedback,
        "address": address_to_write_to(feedback),
        "typed": typed,
    }
    return render(
        request, "surveys/answer/closed.html", context, status=410 if entry is not None else 404
    )
