"""The analysis of a survey: its numbers are those of the lists behind them, nobody sees more than
they may, and links to it end."""

import csv
import re
from datetime import timedelta
from html import escape, unescape
from io import StringIO
from random import Random
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Organisation, User
from analytics.models import SharedResults
from analytics.selectors.crosstab import cross
from analytics.selectors.survey_summary import survey_summary
from analytics.selectors.who_came import Times, times_of
from analytics.services.sharing import share_results
from surveys.demo.all_kinds import ALL_KINDS
from surveys.enums import ResponseStatus
from surveys.models import Response
from surveys.selectors.response_dimensions import DIMENSIONS
from surveys.selectors.response_list import read_filters
from surveys.services.answering import submit_response
from tests.conftest import client_of, member
from tests.factories.surveys import definition, make_survey, open_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return client_of(member(Role.ANALYST))


@pytest.fixture
def survey(db):
    """Forty answers to the call-back questions, in two languages."""
    collector, rng = open_link(), Random(5)
    for _number in range(40):
        answers = {"overall": rng.randint(1, 5), "solved": rng.choice(["yes", "partly", "no"])}
        submit_response(collector.pk, answers=answers, language=rng.choice(["en", "zh-hans"]))
    return collector.survey


def listed(client, url) -> int:
    page = client.get(url)
    assert page.status_code == 200, url
    return page.context["page"].paginator.count


def test_every_bar_counts_the_list_behind_it_whatever_is_filtered(analyst, survey):
    rng = Random(7)
    filters = ["", "language=en", "answer=solved:no", "condition=overall+<%3D+3", "version=1"]
    for query in filters:
        page = analyst.get(f"/surveys/{survey.slug}/results/?{query}")
        rows = [row for card in page.context["cards"] for row in card.rows]
        assert sum(row.count for row in rows)
        assert listed(analyst, page.context["responses_url"]) == page.context["responses"]
        for row in rng.sample(rows, 3):
            assert listed(analyst, row.url) == row.count


def test_a_place_in_a_ranking_leads_to_who_gave_it(analyst):
    raw = definition()
    named = {"zh-hans": "排序", "en": "Which matters most?"}
    choices = [
        {"code": code, "text": {"zh-hans": code, "en": code}} for code in ("price", "quality")
    ]
    raw["pages"][0]["elements"].append(
        {"code": "order", "type": "ranking", "text": named, "choices": choices}
    )
    collector = open_link(make_survey(raw))
    for order in (["price", "quality"], ["quality", "price"], ["quality", "price"]):
        submit_response(collector.pk, answers={"overall": 4, "order": order}, language="en")

    cards = analyst.get(f"/surveys/{collector.survey.slug}/results/").context["cards"]
    places = next(card.places for card in cards if card.places)

    assert [(row.count, listed(analyst, row.url)) for row, _mean in places] == [(2, 2), (1, 1)]


def test_the_strip_says_what_became_of_everybody_who_came(analyst, survey):
    keys = list(Response.objects.values_list("pk", flat=True)[:6])
    for pk, status in zip(keys, ["partial", "partial", "draft", "screened_out"], strict=False):
        Response.objects.filter(pk=pk).update(status=status, completed_at=None)
    Response.objects.filter(pk=keys[4]).update(is_counted=False)
    Response.objects.filter(pk=keys[5]).update(active_ms=200_000)
    Response.objects.exclude(pk=keys[5]).update(active_ms=0)

    page = analyst.get(f"/surveys/{survey.slug}/analysis/?words=none", follow=True)
    tiles = {tile.label: tile for tile in page.context["tiles"]}

    assert (tiles["Responses counted"].value, tiles["Screened out"].value) == ("35", "1")
    assert tiles["Responses counted"].note == "1 more is not counted"
    assert (tiles["Left half-way"].value, tiles["Left half-way"].note[:2]) == ("2", "5%")
    assert (tiles["Still answering"].value, tiles["Time taken (median)"].value) == (
        "1",
        "3 min 20 s",
    )
    assert listed(analyst, tiles["Responses counted"].url) == 35


def test_who_was_invited_says_nothing_of_what_was_imported(survey):
    everybody = member(Role.ADMIN)

    def reached(query):
        return survey_summary(survey, read_filters(survey, query, everybody), everybody).reached

    assert (reached({}), reached({"imported": ["yes"]}), reached({"imported": ["no"]})) == (
        0,
        None,
        None,
    )


def test_filters_are_named_as_the_chips_and_the_cross_tab_name_them(analyst, survey):
    for number in range(2):
        Organisation.objects.create(name=f"Company {number}")
    one = Organisation.objects.latest("pk")
    address = f"/surveys/{survey.slug}/results/"

    page = analyst.get(f"{address}?organisation={one.pk}&language=en&imported=no")
    named = {option.name: option.label for option in page.context["options"]}
    chips = {chip["name"] for chip in page.context["chips"]}

    assert {"organisation", "language", "tier", "speaks", "reached_by"} <= set(named)
    for name in set(named) - {"answer"}:
        assert named[name] == str(DIMENSIONS[name].label)
    assert {named["organisation"], named["language"]} < chips
    assert page.context["kept"] == [("imported", "no")]


def test_the_chart_of_a_question_is_a_picture_that_stands_by_itself(analyst, survey):
    page = analyst.get(f"/surveys/{survey.slug}/results/?language=en")
    (url,) = [
        card.picture_url for card in page.context["cards"] if card.result.question.code == "solved"
    ]
    got = analyst.get(url)
    english = Response.objects.filter(language="en").count()

    assert f'href="{escape(url)}"' in page.content.decode()
    assert got["Content-Type"] == "image/svg+xml"
    assert got["Content-Disposition"].startswith("attachment")
    picture = ElementTree.fromstring(got.content)  # noqa: S314 - our own
    words = " ".join(picture.itertext())
    assert f"({english} people)" in words
    assert "%" in words
    assert "class=" not in got.text  # no style sheet is needed
    assert analyst.get(f"/surveys/{survey.slug}/results/?export=svg&chart=no").status_code == 404


def test_a_filter_without_a_field_of_its_own_is_kept_by_the_form(analyst, survey):
    one = Organisation.objects.create(name="The only company")

    page = analyst.get(f"/surveys/{survey.slug}/results/?organisation={one.pk}&version=1")

    assert page.context["kept"] == [("organisation", str(one.pk)), ("version", "1")]


def test_the_figures_come_as_a_file_with_the_filters_of_the_page(analyst, survey):
    page = analyst.get(f"/surveys/{survey.slug}/results/?language=en&export=csv")
    head, *lines = csv.reader(StringIO(page.getvalue().decode("utf-8-sig")))
    overall = [line for line in lines if line[0] == "overall"]
    english = Response.objects.filter(language="en").count()

    assert len(head) == len(lines[0])
    assert [line[6] for line in overall] == [
        "5",
        "4",
        "3",
        "2",
        "1",
        "Mean",
        "Satisfied (4 and 5)",
    ]
    assert sum(int(line[7]) for line in overall[:5]) == english
    assert {line[5] for line in overall} == {str(english)}


def test_what_people_wrote_is_found_by_a_word_and_by_the_question(analyst):
    collector = open_link()
    for comment in ("The filter drips", "All is well"):
        submit_response(collector.pk, answers={"overall": 4, "comment": comment}, language="en")
    address = f"/surveys/{collector.survey.slug}/results/"

    def said(query):
        return [one.text for one in analyst.get(address + query).context["texts"]]

    assert said("?words=DRIPS&texts=comment") == ["The filter drips"]
    assert said("?texts=comment") == ["All is well", "The filter drips"]
    assert said("?words=nothing") == []


def test_every_cell_of_a_cross_tab_counts_the_list_behind_it(analyst, survey):
    page = analyst.get(
        f"/surveys/{survey.slug}/crosstab/?rows=solved&columns=by:language&show=counts"
    )
    lines = page.context["lines"]

    assert (
        page.context["table"].n
        == sum(one["cell"].count for line in lines for one in line["cells"])
        == 40
    )
    assert listed(analyst, lines[0]["cells"][0]["url"]) == lines[0]["cells"][0]["cell"].count
    file = analyst.get(
        f"/surveys/{survey.slug}/crosstab/?rows=solved&columns=by:language&export=csv"
    ).getvalue()
    assert file.decode("utf-8-sig").count("\n") == 1 + 3 * 2


def test_weights_move_shares_and_leave_less_to_go_by(analyst, survey):
    english = list(Response.objects.filter(language="en").values_list("pk", flat=True))
    Response.objects.filter(pk__in=english[:3]).update(weight=4)
    address = f"/surveys/{survey.slug}/crosstab/?rows=solved&columns=by:language"

    page = analyst.get(address)
    table = page.context["table"]
    column = next(one for one in table.columns if one.key == "en")
    at = table.columns.index(column)
    rest = len(english) - 3

    assert (column.base, column.effective) == (
        len(english),
        pytest.approx((rest + 12) ** 2 / (rest + 48)),
    )
    assert sum(line[at].of_column.value for line in table.cells) == pytest.approx(1)
    yes = Response.objects.filter(language="en", answers__choice__code="yes")
    weight = yes.aggregate(weight=Sum("weight"))["weight"]
    row = next(place for place, head in enumerate(table.rows) if head.filter[1] == "solved:yes")
    assert table.cells[row][at].of_column.value == pytest.approx(weight / (rest + 12))
    assert (table.test, table.weights, table.untested) == (None, "used", "weights")
    assert "effective bases, the square" in page.content.decode()


def test_columns_of_people_in_common_have_neither_letters_nor_a_test(db):
    survey = make_survey(ALL_KINDS)
    questions = {one.code: one for one in survey.questions.all()}
    multi = next(one for one in questions.values() if one.data_type == "multi")
    single = next(one for one in questions.values() if one.data_type == "single")

    table = cross(Response.objects.filter(survey=survey), single, multi)
    by_language = cross(Response.objects.filter(survey=survey), multi, DIMENSIONS["language"])

    assert (table.untested, table.unlettered, table.test) == ("multi", "multi", None)
    assert (by_language.untested, by_language.unlettered) == ("multi", "")


def test_the_pages_cost_the_same_for_any_number_of_answers(analyst, survey):
    def queries(page):
        with CaptureQueriesContext(connection) as captured:
            assert analyst.get(f"/surveys/{survey.slug}/{page}").status_code == 200
        return len(captured)

    pages = ("results/", "results/?compare=language:en", "crosstab/")
    before = [queries(page) for page in pages]
    submit_response(survey.collectors.first().pk, answers={"overall": 1}, language="en")

    assert [queries(page) for page in pages] == before
    assert max(before) <= 27, before


def test_many_questions_of_every_kind_cost_hardly_more_than_a_few(analyst, survey):
    def queries(survey):
        with CaptureQueriesContext(connection) as captured:
            assert analyst.get(f"/surveys/{survey.slug}/results/").status_code == 200
        return len(captured)

    # Days, and people who chose several, are counted apart.
    assert queries(make_survey(ALL_KINDS)) <= queries(survey) + 3


def test_two_groups_have_nobody_in_common(analyst, survey):
    page = analyst.get(f"/surveys/{survey.slug}/results/?compare=language:en")
    english = Response.objects.filter(language="en").count()

    assert (page.context["n_before"], page.context["n_after"]) == (40 - english, english)
    assert analyst.get(f"/surveys/{survey.slug}/results/?compare=language:xx").status_code == 400


def shared_by(user, survey, **given):
    query = given.pop("query", {})
    return share_results(survey.pk, by=user, query=query, **given)


def test_a_shared_link_shows_numbers_only_until_it_is_withdrawn(survey):
    admin = client_of(member(Role.ADMIN))
    address = f"/surveys/{survey.slug}/results/share/"
    made = admin.post(f"{address}?language=en", {"days": "7", "password": "", "with_texts": ""})
    link = SharedResults.objects.get()
    stranger = Client()

    shared = stranger.get(f"/results/{link.token}/")
    listed_links = admin.get(address).content.decode()
    admin.post(f"{address}{link.pk}/withdraw/")

    assert made.status_code == 302
    english = Response.objects.filter(language="en").count()
    assert shared.context["responses"] == english - english % 5
    assert "texts" not in shared.context
    assert not re.search(r'href="/(surveys|feedback|customers)', unescape(shared.content.decode()))
    assert link.url in listed_links
    assert "1 time" in listed_links
    assert stranger.get(f"/results/{link.token}/").status_code == 410
    assert stranger.get(f"/results/{link.token}x/").status_code == 404
    assert link.url not in admin.get(address).content.decode()


def test_a_shared_link_ends_with_its_time_and_with_whoever_made_it(survey):
    over = shared_by(member(Role.ADMIN), survey, days=-1)
    of_somebody_who_left = shared_by(member(Role.ADMIN), survey)
    User.objects.filter(pk=of_somebody_who_left.made_by_id).update(is_active=False)

    for link in (over, of_somebody_who_left):
        assert Client().get(f"/results/{link.token}/").status_code == 410


def test_a_password_is_asked_for_once_and_guessing_ends(survey):
    link = shared_by(member(Role.ADMIN), survey, password="filter-42")
    address, stranger, guesser = f"/results/{link.token}/", Client(), Client()

    assert "cards" not in stranger.get(address).context
    assert stranger.post(address, {"password": "filter-42"}).status_code == 302
    assert stranger.get(address).context["responses"] == 40
    for _try in range(9):
        assert guesser.post(address, {"password": "a guess"}).status_code == 422
    assert guesser.post(address, {"password": "filter-42"}).status_code == 422
    assert "cards" not in guesser.get(address).context


def test_nothing_is_shared_that_fewer_than_five_people_said(survey):
    admin = member(Role.ADMIN)
    four = list(Response.objects.values_list("pk", flat=True)[:4])
    Response.objects.filter(pk__in=four).update(language="zh-hans")
    Response.objects.exclude(pk__in=four).update(language="en")
    collector = survey.collectors.first()
    alone = submit_response(collector.pk, answers={"overall": 1, "service": 1}, language="en")
    early = {"completed_at": timezone.now() - timedelta(days=900)}
    Response.objects.filter(pk=alone.response.pk).update(**early)

    few = Client().get(
        f"/results/{shared_by(admin, survey, query={'language': ['zh-hans']}).token}/"
    )
    most = Client().get(f"/results/{shared_by(admin, survey, query={'language': ['en']}).token}/")
    beside = shared_by(admin, survey, compare="language:zh-hans")
    compared = Client().get(f"/results/{beside.token}/")

    assert few.context["is_small"]
    assert "cards" not in few.context
    shown = {card.result.question.code for card in most.context["cards"]}
    assert shown == {"overall", "solved", "functional", "emotional"}
    assert most.context["hidden"] == [survey.questions.get(code="service").text]
    assert compared.context["comparisons"] == []


def test_who_looks_at_shared_results_again_learns_of_no_single_answer(db):
    collector = open_link(make_survey())
    given = {"overall": 4, "solved": "yes"}

    def answer(times, **more):
        for _ in range(times):
            submit_response(collector.pk, answers=given | more, language="en")

    answer(10)
    alone, beside = (
        shared_by(member(Role.ADMIN), collector.survey, **more)
        for more in ({}, {"compare": "answer:solved:yes"})
    )

    def seen(link=alone):
        page = Client().get(f"/results/{link.token}/")
        return page.context["responses"], page.content.decode().split("<h1>")[1]

    before = seen()
    answer(1, overall=1)
    after_one = seen()
    answer(4, solved="no")
    five_more = seen()

    assert before == after_one
    assert (before[0], five_more[0]) == (10, 15)
    assert before[1] != five_more[1]
    page = Client().get(f"/results/{beside.token}/")
    assert (page.context["n_before"], page.context["n_after"]) == (0, 10)  # of 4 and 11


def test_texts_are_shared_of_questions_that_five_people_answered(db):
    raw = definition()
    raw["pages"][0]["elements"] += [
        {"code": code, "type": "long_text", "text": {"en": code, "zh-hans": code}}
        for code in ("few", "many")
    ]
    collector = open_link(make_survey(raw))
    for number in range(5):
        given = {"overall": 4, "solved": "yes", "many": f"common {number} 13988776655"}
        given |= {"few": f"rare {number}"} if number else {}
        submit_response(collector.pk, answers=given, language="en")
    link = shared_by(member(Role.ADMIN), collector.survey, with_texts=True)
    page = Client().get(f"/results/{link.token}/").content.decode()
    assert page.count("common") == 5
    assert "13988776655" not in page  # what reaches somebody is covered for the world
    assert page.count("139****6655") == 5
    assert "rare" not in page
    # A colleague who does not see every team sees that there is a link, not where it leads.
    boss = member(Role.LEAD)
    boss.user_permissions.add(Permission.objects.get(codename="change_survey"))
    lead = client_of(boss)
    address = f"/surveys/{collector.survey.slug}/results/share/"
    listed_links = lead.get(address)
    assert (listed_links.status_code, len(listed_links.context["rows"])) == (200, 1)
    assert link.token not in listed_links.content.decode()
    (row,) = lead.get(f"/api/v1/surveys/{collector.survey.slug}/shares/").json()["results"]
    assert row["url"] == ""


def test_programs_make_and_withdraw_links(survey):
    admin = client_of(member(Role.ADMIN))
    api = f"/api/v1/surveys/{survey.slug}/shares/"

    made = admin.post(api, {"query": {"language": ["en"]}}, content_type="application/json").json()
    refused = admin.post(api, {"query": {"colour": ["red"]}}, content_type="application/json")
    (before,) = admin.get(api).json()["results"]
    withdrawn = admin.delete(f"/api/v1/shared-results/{made['id']}/")
    (after,) = admin.get(api).json()["results"]

    assert (before["url"], withdrawn.status_code) == (made["url"], 204)
    assert (before["works"], after["works"]) == (True, False)
    assert refused.status_code == 400


def test_links_cost_the_same_however_many_there_are(survey):
    admin = member(Role.ADMIN)
    client = client_of(admin)
    shared_by(admin, survey)

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = (
        f"/surveys/{survey.slug}/results/share/",
        f"/api/v1/surveys/{survey.slug}/shares/",
    )
    one = [queries(address) for address in addresses]
    for _number in range(4):
        shared_by(admin, survey)

    assert [queries(address) for address in addresses] == one


def test_texts_that_came_with_the_link_are_not_among_what_people_wrote(analyst):
    raw = definition()
    named = {"zh-hans": "来源", "en": "Source"}
    raw["pages"][0]["elements"].append({"code": "source", "type": "hidden", "text": named})
    survey = make_survey(raw)
    answers = {"overall": 4, "solved": "yes", "comment": "Thank you.", "source": "shop-17"}
    submit_response(open_link(survey).pk, answers=answers, language="en")
    for _number in range(4):
        same = {"overall": 4, "comment": "Thank you."}
        submit_response(survey.collectors.first().pk, answers=same, language="en")
    shared = shared_by(member(Role.ADMIN), survey, with_texts=True).token

    for page in (f"/surveys/{survey.slug}/results/", f"/results/{shared}/"):
        said = [one.text for one in analyst.get(page).context["texts"]]
        assert said == ["Thank you."] * 5


def test_the_page_says_where_people_left(analyst, survey):
    first = Response.objects.first()
    Response.objects.filter(pk=first.pk).update(status=ResponseStatus.PARTIAL, completed_at=None)

    told = analyst.get(f"/surveys/{survey.slug}/results/").context["drop_off"]

    assert (told.begun, told.finished, told.running) == (40, 39, 0)
    assert (told.pages[0].reached, told.pages[0].left) == (40, 1)


def test_the_page_says_how_long_people_are_on_each_page(analyst, survey):
    page = survey.versions.get().definition["pages"][0]["code"]
    for at, pk in enumerate(Response.objects.values_list("pk", flat=True)[:5]):
        Response.objects.filter(pk=pk).update(trail=[[page, 40_000], [page, at * 10_000]])

    shown = analyst.get(f"/surveys/{survey.slug}/results/")

    assert [time for _page, time in shown.context["page_rows"]] == ["1 min"]


def test_what_is_new_is_offered_and_refreshes_by_itself_only_when_asked(analyst, survey):
    address = f"/surveys/{survey.slug}/results/"
    page = analyst.get(f"{address}?language=en")
    with CaptureQueriesContext(connection) as captured:
        for language in ("en", "zh-hans"):
            collector = survey.collectors.first()
            submit_response(collector.pk, answers={"overall": 1}, language=language)
    told = [one["sql"] for one in captured if "pg_notify" in one["sql"]]

    news = analyst.get(page.context["news_url"]).content.decode()
    live = analyst.get(f"{address}?live=on").content.decode()

    assert "1 new response – show" in news
    assert f'href="{address}?language=en"' in news
    assert sum("response" in one for one in told) == 2
    assert 'hx-select="#results-body"' in live
    assert 'hx-select="#results-body"' not in page.content.decode()


def test_programs_read_the_same_numbers(analyst, survey):
    page = analyst.get(f"/surveys/{survey.slug}/crosstab/?rows=solved&columns=by:language")
    api = f"/api/v1/surveys/{survey.slug}/"

    results = analyst.get(f"{api}results/?language=en").json()
    table = analyst.get(f"{api}crosstab/?rows=solved&columns=by:language").json()

    english = Response.objects.filter(language="en").count()
    assert (results["responses"], results["summary"]["complete"]) == (english, english)
    overall = next(one for one in results["questions"] if one["question"] == "overall")
    assert sum(one["count"] for one in overall["answers"]) == overall["valid"]
    assert table["test"]["statistic"] == page.context["table"].test.statistic
    assert analyst.get(f"{api}results/?tier=key&wave=1").json()["responses"] == 0
    assert analyst.get(f"{api}results/?imported=yes").json()["responses"] == 0
    for wrong in (
        "results/?condition=overall+>+1",
        "crosstab/?rows=x&columns=by:tier",
        "results/?tier=x",
    ):
        assert analyst.get(api + wrong).status_code == 400


@pytest.mark.parametrize(
    ("milliseconds", "median"),
    [
        ([], None),
        ([0], None),
        ([61_400], 61),
        ([10_000, 20_000, 0], 15),
        ([1_000, 9_499, 90_000], 9),
    ],
)
def test_the_median_time_is_that_of_known_times_to_the_second(survey, milliseconds, median):
    Response.objects.update(active_ms=0, is_counted=True)
    for pk, active_ms in zip(
        Response.objects.values_list("pk", flat=True), milliseconds, strict=False
    ):
        Response.objects.filter(pk=pk).update(active_ms=active_ms)

    times = times_of(Response.objects.complete().filter(survey=survey))

    assert times == Times(40, None if median is None else timedelta(seconds=median))
