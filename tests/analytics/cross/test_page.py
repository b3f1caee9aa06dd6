"""The page: in the address stands everything, what does not exist is refused, statements are few,
and nobody is told what they may not see."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.services.boards import make_board
from tests.analytics.cross.test_tables import made
from tests.analytics.facts.conftest import year  # noqa: F401 - a fixture
from tests.analytics.facts.test_measuring import Lists
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 40


def page(client, **query):
    return client.get(reverse("analytics:cross"), query)


def test_the_page_says_what_the_lists_say_with_few_statements(
    year,  # noqa: F811
    django_assert_max_num_queries,
):
    user = member(Role.ANALYST)
    client, lists = client_of(user), Lists(user)
    with django_assert_max_num_queries(MOST_STATEMENTS):
        response = page(client, period="365", rows="team", columns="channel", layers="month")
    tables = response.context["shown"].tables
    assert len(tables) > 5
    cells = [cell for one in tables for _head, line in one.lines for cell in line if cell.url]
    assert all(lists.count(cell.url) == cell.count for cell in cells)
    content = response.content.decode()
    assert all(words in content for words in ("χ²", "df", "Cramér"))


def test_files_hold_what_the_page_shows(year):  # noqa: F811
    client = client_of(member(Role.ANALYST))
    query = {"period": "365", "rows": "team", "columns": "channel"}
    whole = page(client, **query).context["cross"].tables[0].total.count
    answer = client.get(reverse("analytics:cross_file", args=["csv"]), query)
    last = answer.content.decode("utf-8-sig").splitlines()[-1]
    assert last.split(",")[3] == str(whole)
    for kind, begin in (("png", b"\x89PNG"), ("svg", b"<svg"), ("xlsx", b"PK")):
        answer = client.get(reverse("analytics:cross_file", args=[kind]), query)
        assert answer.content.startswith(begin)


@pytest.mark.parametrize(
    "query",
    [
        {"rows": "password"},
        {"rows": "team", "columns": "team"},
        {"rows": "branch", "columns": "category"},
        {"metric": "none"},
        {"show": "x"},
        {"level": "80"},
        {"answers": "x"},
        {"rows": "answer.99999999"},
        {"team": "0"},
        {"nonsense": "1"},
        {"metric": "csat", "mood": "x"},
    ],
)
def test_what_does_not_exist_is_refused_in_words(query, db):
    answer = page(client_of(member(Role.ANALYST)), **query)
    assert answer.status_code == 400


def test_who_may_not_see_customers_is_shown_neither_them_nor_small_cells(year):  # noqa: F811
    user = year.agents[0]
    for group in user.groups.all():
        group.permissions.remove(*group.permissions.filter(codename="view_customer"))
    user = type(user).objects.get(pk=user.pk)
    for rows in ("customer_tag", "organisation"):
        assert page(client_of(user), rows=rows).status_code == 400
    cross = made(user, year, period="90", rows="category", columns="channel", least="0")
    (table,) = cross.tables
    assert table.hides
    assert all(
        cell.count >= 5 or not cell.count
        for line in table.cells
        for cell in line
        if not cell.is_hidden
    )


def test_a_table_of_two_is_pinned_to_a_dashboard_of_ones_own(year):  # noqa: F811
    user = member(Role.ANALYST)
    mine, other = make_board(by=user, name="Mine"), make_board(by=year.agents[0], name="Theirs")
    query = "?rows=team&columns=channel&priority=3"
    address = reverse("analytics:pin_cross") + query
    assert page(client_of(user), rows="team", columns="channel").context["boards"] == [mine]
    client_of(user).post(address, {"board": mine.pk})
    (tile,) = mine.tiles.all()
    assert (tile.plan.by, tile.plan.filters) == (("team", "channel"), {"priority": ("3",)})
    assert client_of(user).post(address, {"board": other.pk}).status_code == 404
    client_of(user).post(f"{address}&layers=month", {"board": mine.pk})
    assert mine.tiles.count() == 1
