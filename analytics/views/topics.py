"""What customers write about: topics with their share, where they go, and the texts of each."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from analytics.charts.data import Item, Mark
from analytics.charts.figure import figure
from analytics.charts.hbars import HBarChart
from analytics.enums import TopicMethod
from analytics.forms.topic import TopicNameForm
from analytics.forms.topic_method import TopicMethodForm
from analytics.models import Topic
from analytics.selectors.evidence_sources import TOPIC
from analytics.selectors.reading_rules import reading_rules
from analytics.selectors.topics import (
    TopicRow,
    Topics,
    texts_of_topic,
    topic_sets,
    topics_of,
    visible_topic,
)
from analytics.services.reading_rules import save_reading_rules
from analytics.services.topics import order_topics, rename_topic
from analytics.text.topic_methods import methods_here
from analytics.text.topics import FEWEST_TEXTS
from analytics.views.choosing import write_days
from analytics.views.improvement import problem_url
from analytics.views.keywords import READ, asked
from analytics.views.survey_files import table_file
from analytics.views.text_choosing import text_choosing
from analytics.views.text_list import text_list
from feedback.enums import ExportFormat

CHANGE = "analytics.change_topic"
RULES = "analytics.change_readingrules"
PAGE = "analytics:topics"


@dataclass(frozen=True, slots=True)
class Row:
    row: TopicRow
    url: str
    form: TopicNameForm | None


@staff_with(READ)
@require_GET
def topics(request: SignedInRequest) -> HttpResponseBase:
    choice = asked(request, {"format"}, PAGE)
    if isinstance(choice, HttpResponse):
        return choice
    sets = topic_sets(choice)
    found = topics_of(request.user, choice, sets.shown) if sets.shown else Topics()
    format_ = request.GET.get("format", "")
    if format_ in {ExportFormat.CSV.value, ExportFormat.XLSX.value}:
        return _file(found, format_)
    address, query = reverse(PAGE), choice.query()
    may_change = request.user.has_perm(CHANGE)
    busy = sets.own is not None and sets.own.is_under_way  # the page will be drawn anew
    choosing = text_choosing(request.user, choice, address)
    menus = [menu for menu in choosing.menus if menu.name != "compare"]
    context = {
        "choosing": replace(choosing, menus=menus),
        "choice": choice,
        "days": write_days(choice.choice.period),
        "sets": sets,
        "found": found,
        "rows": [_row(one, query, may_change and not busy) for one in found.rows],
        "chart": _chart(found, query) if found.rows else "",
        "here": f"{address}?{query}",
        "find_url": f"{reverse('analytics:find_topics')}?{query}",
        "fewest": FEWEST_TEXTS,
        "may_change": may_change,
        "method_form": _method_form(request),
        "exports": [
            (label, f"{address}?{choice.query(format=value)}")
            for value, label in (("csv", "CSV"), ("xlsx", "XLSX"))
        ],
    }
    return render(request, "analytics/text/topics.html", context)


@staff_with(CHANGE)
@require_POST
def find_topics(request: SignedInRequest) -> HttpResponse:
    choice = asked(request, set(), PAGE)
    if isinstance(choice, HttpResponse):
        return choice
    order_topics(choice, by=request.user)
    return redirect(f"{reverse(PAGE)}?{choice.query()}")


@staff_with(RULES)
@require_POST
def choose_method(request: SignedInRequest) -> HttpResponse:
    """How texts are sorted into topics from the next search on."""
    form = TopicMethodForm(request.POST, instance=reading_rules())
    if form.is_valid():
        save_reading_rules(form.save(commit=False))
        messages.success(request, _("Saved. It holds from the next search on."))
    else:  # not one of those that are offered
        messages.error(request, _("This cannot be chosen here."))
    return redirect(PAGE)


@staff_with(READ)
@require_http_methods(["GET", "POST"])
def topic(request: SignedInRequest, pk: int) -> HttpResponse:
    """The texts of a topic; whoever may gives it a name."""
    choice = asked(request, {"page"}, PAGE)
    if isinstance(choice, HttpResponse):
        return choice
    try:
        one = visible_topic(request.user, pk)
    except Topic.DoesNotExist as gone:
        raise Http404 from gone
    may_change = request.user.has_perm(CHANGE)
    back, label = f"{reverse(PAGE)}?{choice.query()}", one.label
    form = TopicNameForm(request.POST or None, instance=one) if may_change else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            rename_topic(one, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(back)
    context = text_list(request, texts_of_topic(request.user, choice, one)) | {
        "topic": one,
        "label": label,
        "form": form,
        "problem_url": problem_url(request, TOPIC, topic=one.pk),
        "days": write_days(choice.choice.period),
        "back": back,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "analytics/text/topic.html", context, status=status)


def _method_form(request: SignedInRequest) -> TopicMethodForm | None:
    """Only where there is something to choose."""
    if not request.user.has_perm(RULES):
        return None
    rules = reading_rules()
    is_usual = rules.topics_by == TopicMethod.WORDS and methods_here() == [TopicMethod.WORDS]
    return None if is_usual else TopicMethodForm(instance=rules)


def _row(one: TopicRow, query: str, may_change: bool) -> Row:
    form = None
    if may_change:
        form = TopicNameForm(instance=one.topic, auto_id=f"id_{one.topic.pk}_%s")
    return Row(one, _url(one, query), form)


def _url(one: TopicRow, query: str) -> str:
    return f"{reverse('analytics:topic', args=[one.topic.pk])}?{query}"


def _chart(found: Topics, query: str) -> SafeString:
    items = tuple(
        Item(one.topic.label, Mark(float(one.texts), _url(one, query))) for one in found.rows
    )
    return figure(HBarChart(_("Topics by how many texts they have"), items), wide=True)


def _file(found: Topics, format_: str) -> HttpResponseBase:
    head = [
        _("Topic"),
        _("Words"),
        _("Texts"),
        _("Share"),
        _("Share with all before it"),
        _("Change of the share"),
        _("p value"),
        _("Mean sentiment"),
    ]
    rows = [
        [
            one.topic.label,
            " ".join(one.topic.top_words),
            one.texts,
            round(one.share, 5),
            round(one.together, 5),
            round(one.change.difference, 5) if one.change else None,
            round(one.change.p_value, 5) if one.change else None,
            None if one.sentiment is None else round(one.sentiment, 1),
        ]
        for one in found.rows
    ]
    return table_file(head, rows, format_=format_, title=_("Topics"))
