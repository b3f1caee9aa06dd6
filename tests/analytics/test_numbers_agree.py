"""Whatever number the dashboard shows, the list behind it has exactly so many rows."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from tests.conftest import client_of, member

NUMBER = r"[\d,]+"


@dataclass
class Link:
    href: str
    promised: int | None = None  # by data-count
    title: str = ""
    text: str = ""

    @property
    def number(self) -> int:
        """The number of records that a person reads off this link."""
        words = self.title or self.text
        if self.promised is not None:
            shown = [int(n.replace(",", "")) for n in re.findall(NUMBER, self.text) if n != ","]
            assert self.promised in shown, f"{self.text!r} does not show {self.promised}"
            return self.promised
        found = (
            re.search(rf"n = ({NUMBER})", words)
            or re.search(rf": ({NUMBER})(?: \(|$)", words)
            or re.fullmatch(rf"({NUMBER})", words)
        )
        assert found, f"no number in {words!r}"
        return int(found[1].replace(",", ""))


class Links(HTMLParser):
    """The links of a page to lists; in a chart the title of a mark says what it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Link] = []
        self.open: Link | None = None
        self.in_title = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a":
            count = given.get("data-count")
            self.open = Link(given.get("href", ""), None if count is None else int(count))
        self.in_title = tag == "title"

    def handle_endtag(self, tag):
        if tag == "a" and self.open:
            self.open.text = " ".join(self.open.text.split())
            if re.match(r"/(queue|tasks|surveys/[^?]+/responses)/\?", self.open.href):
                self.found.append(self.open)
            self.open = None
        self.in_title = False

    def handle_data(self, data):
        if self.open and self.in_title:
            self.open.title += data
        elif self.open:
            self.open.text += f" {data} "


class Crawler:
    """Opens every list that a page links to, each once."""

    def __init__(self, user) -> None:
        self.client = client_of(user)
        self.client.cookies["django_language"] = "en"
        self.counts: dict[str, int] = {}

    def links_on(self, query: str = "") -> list[Link]:
        response = self.client.get(reverse("home") + query, headers={"accept-language": "en"})
        assert response.status_code == 200
        return Links(response.content.decode().partition("<main")[2].partition("</main>")[0]).found

    def count_of(self, href: str) -> int:
        if href not in self.counts:
            response = self.client.get(href)
            assert response.status_code == 200, href
            page = response.context["page"]
            self.counts[href] = page.total if href.startswith("/queue/") else page.paginator.count
        return self.counts[href]

    def disagreements(self, query: str) -> tuple[list[str], int]:
        links = self.links_on(query)
        wrong = [
            f"{link.title or link.text} → {self.count_of(link.href)} at {link.href}"
            for link in links
            if link.number != self.count_of(link.href)
        ]
        return wrong, len({link.href for link in links})


def questions(year) -> list[str]:
    today = timezone.localdate(year.now, timezone.get_default_timezone())
    return [
        "",
        "?period=7",
        f"?from={today - timedelta(days=45)}&to={today - timedelta(days=6)}",
        f"?period=90&team={year.teams[0].pk}",
        "?period=365&team=none",
    ]


@pytest.mark.django_db
def test_every_number_is_the_count_of_its_list(year):
    crawler = Crawler(member(Role.ADMIN))
    for query in questions(year):
        wrong, opened = crawler.disagreements(query)
        assert wrong == [], query
        assert opened > 12, query

    # What one may see does not depend on the days.
    wrong, opened = Crawler(year.agents[0]).disagreements("?period=365")
    assert wrong == []
    assert opened > 12


@pytest.mark.django_db
def test_the_marks_of_a_chart_add_up_to_the_tile(year):
    links = Crawler(member(Role.ADMIN)).links_on("?period=90")
    received = next(one for one in links if "Received" in one.text and one.promised is not None)
    by_channel = {one.href: one.number for one in links if "channel=" in one.href}
    by_category = {one.href: one.number for one in links if "category=" in one.href}

    assert received.promised > 0
    assert sum(by_channel.values()) == received.promised
    assert sum(by_category.values()) == received.promised
