"""Dashboards as people see them: every mark leads to a list of as many, one broken tile leaves
the rest standing, and nobody sees what is not theirs."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.charts.data import Mark, Unit
from analytics.charts.table import table_of
from analytics.enums import BoardScope, NoteKind, TileChart
from analytics.models import DashboardTile, TimelineNote
from analytics.rules.ready_boards import READY
from analytics.rules.tiles import BoardPlan, TilePlan
from analytics.selectors.boards.asking import read_asking
from analytics.selectors.boards.drawing import chart_of
from analytics.selectors.boards.figures import figures_of
from analytics.selectors.window import today
from analytics.services.boards import make_board, save_board
from tests.analytics.facts.test_measuring import Lists
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db


def address(key, **query):
    path = reverse("analytics:board", args=[key])
    return f"{path}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else path


def marks(chart):
    for _name, cells in table_of(chart).rows:
        yield from (cell for cell in cells if isinstance(cell, Mark) and cell.href)


def test_every_mark_of_every_ready_dashboard_leads_to_a_list_of_as_many(year):
    user = member(Role.ADMIN)
    lists, counted = Lists(user), 0
    for plan in READY.values():
        asking = read_asking({"period": ["90"]}, plan, teams=[], today=today(year.now))
        for figure in figures_of(user, plan.tiles, asking, year.now):
            assert not figure.problem, (plan.key, figure.plan)
            chart = chart_of(figure)
            is_count = figure.metric.unit is Unit.COUNT
            for mark in marks(chart):
                expected = mark.value if is_count else None
                if figure.metric.key not in {"negative", "reopened"} and mark.n is not None:
                    expected = mark.n
                held = lists.count(mark.href)
                assert held > 0
                if expected is not None and figure.metric.listed == "n":
                    assert held == expected, (plan.key, figure.plan, mark)
                    counted += 1
            for row in [figure.answer.total, *figure.answer.groups]:
                if row.url:
                    assert row.count == lists.count(row.url)
    assert counted > 100


def test_the_numbers_of_a_page_are_those_of_the_lists_they_link_to(year):
    user = member(Role.ANALYST)
    lists = Lists(user)
    html = client_of(user).get(address("service", channel="email")).content.decode()
    links = re.findall(r'href="([^"]+)" data-count="(\d+)"', html)
    assert links
    for url, count in links:
        assert "channel=email" in url
        assert lists.count(unescape(url)) == int(count)


def test_a_dashboard_asks_the_database_as_often_however_much_there_is(
    year, django_assert_max_num_queries
):
    client = client_of(member(Role.LEAD))
    client.get(address("service"))
    with django_assert_max_num_queries(45):
        client.get(address("service"))
    year.happens(60)
    with django_assert_max_num_queries(45):
        client.get(address("service"))


def test_a_broken_tile_says_so_and_the_others_stand(year):
    user = member(Role.AGENT)
    board = make_board(by=user, name="Mine")
    for metric, by, chart in [
        ("volume", [], TileChart.NUMBER),
        ("gone", [], TileChart.NUMBER),
        ("nps", ["assignee"], TileChart.BARS),
        ("nps", [], TileChart.DONUT),
    ]:
        DashboardTile.objects.create(dashboard=board, metric=metric, by=by, chart=chart)

    response = client_of(user).get(address(board.pk))

    problems = [tile.problem for tile in response.context["tiles"]]
    assert problems[0] == ""
    assert all(problems[1:])
    assert response.status_code == 200


def test_filters_of_the_page_and_of_the_tile_hold_both():
    user = member(Role.ADMIN)
    own = TilePlan("a", "volume", filters={"channel": ("email",)})
    plan = BoardPlan("x", "x", (own,), filters={"channel": ("email", "phone")})

    def problem(**params):
        asking = read_asking(params, plan, teams=[], today=today_of())
        (figure,) = figures_of(user, plan.tiles, asking, now_of())
        return figure.problem, dict(figure.answer.question.filters) if figure.answer else None

    assert problem() == ("", {"channel": ("email",)})
    assert problem(channel=[""]) == ("", {"channel": ("email",)})
    assert problem(channel=["phone"])[0]


def now_of():
    from django.utils import timezone

    return timezone.now()


def today_of():
    return today(now_of())


def test_who_sees_which_dashboard(team, agent, outsider):
    lead = member(Role.LEAD, team)
    mine = make_board(by=lead, name="Mine", plan=READY["team"])
    url = address(mine.pk)

    assert client_of(lead).get(url).status_code == 200
    assert client_of(agent).get(url).status_code == 404

    save_board(mine.pk, by=lead, name="Ours", scope=BoardScope.TEAM, team=team)
    assert client_of(agent).get(url).status_code == 200
    assert client_of(outsider).get(url).status_code == 404
    assert "Ours" in client_of(agent).get(reverse("analytics:boards")).content.decode()


def test_an_unknown_filter_is_told_and_a_tile_has_a_page(year):
    client = client_of(member(Role.ANALYST))
    for name, text in [
        ("colour", "red"), ("team", "9999999"), ("survey", "abc"), ("product", "%00"),
        ("priority", "x"), ("period", "8"), ("compare", "all"), ("from", "2026-13-01"),
    ]:  # fmt: skip
        assert client.get(address("service", **{name: text})).status_code == 400, name
    assert client.get(address("nothing")).status_code == 404

    page = client.get(reverse("analytics:board_tile", args=["channel", "bars-csat-channel"]))
    assert page.status_code == 200
    assert page.context["rows"]
    assert client.get(reverse("analytics:board_tile", args=["channel", "x"])).status_code == 404


def test_what_happened_stands_on_the_line_and_the_period_before_beside_it(year):
    user = member(Role.ANALYST)
    day = today(year.now) - timedelta(days=2)
    TimelineNote.objects.create(day=day, kind=NoteKind.RELEASE, text="Version 9 <b>")

    html = client_of(user).get(address("service", compare="before")).content.decode()

    assert "Version 9 &lt;b&gt;" in html
    assert "The period before" in html
