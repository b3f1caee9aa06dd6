"""Dashboards beside the desk: on a wall, and for people who do not work here."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import OutgoingMessage
from analytics.enums import TileChart
from analytics.models import DashboardLink
from analytics.rules.tiles import TilePlan
from analytics.services.board_links import share_board
from analytics.services.board_mail import send_due_boards
from analytics.services.boards import add_tile, make_board
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db


def test_a_link_shows_numbers_to_strangers_but_nobodys_name_and_nothing_of_few(year):
    lead = member(Role.ANALYST)
    board = make_board(by=lead, name="Mine")
    add_tile(board.pk, TilePlan("", "volume"))
    add_tile(board.pk, TilePlan("", "volume", TileChart.BARS, ("assignee",)))
    add_tile(board.pk, TilePlan("", "volume", TileChart.BARS, ("channel",)))
    page = reverse("analytics:share_board", args=[board.pk])
    assert client_of(lead).post(f"{page}?period=90", {"days": "30"}).status_code == 302
    link = DashboardLink.objects.get()
    assert link.query == "period=90"

    answer = Client().get(link.get_absolute_url())
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "/queue/" not in html
    assert [bool(tile.problem) for tile in answer.context["tiles"]] == [False, True, False]

    withdraw = reverse("analytics:withdraw_board", args=[board.pk, link.pk])
    client_of(lead).post(withdraw)
    assert Client().get(link.get_absolute_url()).status_code == 410


def test_a_link_ends_with_its_day_and_with_whoever_made_it():
    lead = member(Role.LEAD)
    first, second = share_board("service", by=lead), share_board("service", by=lead)
    DashboardLink.objects.filter(pk=first.pk).update(ends_at=timezone.now() - timedelta(hours=1))
    assert Client().get(first.get_absolute_url()).status_code == 410
    assert Client().get(second.get_absolute_url()).status_code == 200
    lead.is_active = False
    lead.save(update_fields=["is_active"])
    assert Client().get(second.get_absolute_url()).status_code == 410
    page = reverse("analytics:share_board", args=["service"])
    assert client_of(member(Role.AGENT)).get(page).status_code == 403


def test_a_wall_goes_from_one_dashboard_to_the_next_without_a_menu(agent):
    client, wall = client_of(agent), reverse("analytics:wall")
    assert client.get(wall).context["rows"]
    page = client.get(f"{wall}?board=service&board=channel&every=15")
    html = page.content.decode()
    assert 'id="sidebar"' not in html
    assert page.context["seconds"] == 15
    assert client.get(page.context["next_url"]).context["board"].plan.key == "channel"
    assert client.get(f"{wall}?board=nothing").status_code == 404
    assert client.get(f"{wall}?board=service&every=1").status_code == 404


def test_a_dashboard_comes_by_mail_once_with_the_readers_own_figures(year):
    reader = member(Role.LEAD, year.teams[0])
    client = client_of(reader)
    page = reverse("analytics:mail_board", args=["channel"])
    assert client.post(page, {"rhythm": "weekly"}).status_code == 302

    monday = date(2026, 3, 2)
    assert send_due_boards(monday + timedelta(days=1)) == 0
    assert send_due_boards(monday) == 1
    assert send_due_boards(monday) == 0
    mail = OutgoingMessage.objects.get(to_address=reader.email)
    assert "/dashboards/channel/" in mail.body_text
    assert mail.attachments
    for file in mail.attachments:
        with default_storage.open(file["path"]) as stored:
            assert stored.read(4) == b"\x89PNG"
        default_storage.delete(file["path"])

    client.post(page, {"rhythm": ""})
    assert send_due_boards(monday + timedelta(days=7)) == 0
