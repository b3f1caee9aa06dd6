"""Dashboards of one's own: copied, changed with buttons alone, shared by those who may."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.enums import BoardScope, TileChart, TileSize
from analytics.errors import BoardRefused
from analytics.metrics.catalogue.metrics import METRICS
from analytics.models import Dashboard, TimelineNote
from analytics.rules.tiles import TilePlan, charts_for
from analytics.services.boards import add_tile, forget_removed, make_board, save_board
from analytics.views.boards.picking import read_plan
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"analytics:{name}", args=args)


def order(board):
    return [tile.metric for tile in board.tiles.active().in_order()]


def test_a_ready_one_is_copied_and_changed_without_a_mouse(agent):
    client = client_of(agent)
    copied = client.post(url("copy_board", "channel"))
    board = Dashboard.objects.get(owner=agent)
    assert copied["Location"] == url("edit_board", board.pk)
    assert client.get(copied["Location"]).status_code == 200
    first, second, *_rest = board.tiles.in_order()

    client.post(url("change_tile", board.pk, first.pk, "later"))
    client.post(url("change_tile", board.pk, second.pk, "wide"))
    assert [one.pk for one in board.tiles.in_order()][:2] == [second.pk, first.pk]
    assert board.tiles.get(pk=second.pk).size == TileSize.WIDE

    client.post(url("change_tile", board.pk, first.pk, "remove"))
    assert first not in board.tiles.active()
    client.post(url("change_tile", board.pk, first.pk, "restore"))
    assert [one.pk for one in board.tiles.active().in_order()][:2] == [second.pk, first.pk]
    assert client.post(url("change_tile", board.pk, first.pk, "explode")).status_code == 404


def test_a_tile_is_picked_with_a_preview_and_only_saved_when_told(agent):
    client = client_of(agent)
    board = make_board(by=agent, name="Mine")
    chosen = {"metric": "csat", "by": "team", "chart": "bars", "goal": "85", "size": "wide"}

    preview = client.post(url("add_tile", board.pk), chosen)
    assert preview.context["picked"].plan.chart == TileChart.BARS
    assert not board.tiles.exists()

    saved = client.post(url("add_tile", board.pk), {**chosen, "do": "save"})
    tile = board.tiles.get()
    assert saved["Location"].endswith(f"#tile-{tile.pk}")
    assert (tile.metric, tile.by, tile.goal, tile.size) == ("csat", ["team"], 0.85, "wide")
    assert client.get(url("pick_tile", board.pk, tile.pk)).context["picked"].goal == "85"


def test_whatever_is_asked_for_a_chart_that_fits_comes_out():
    for metric in METRICS:
        for by in [(), ("team",), ("team", "channel"), ("nothing", "x")]:
            for chart in (*TileChart.values, "pie"):
                plan = read_plan({
                    "metric": [metric], "by": [by[0] if by else ""],
                    "and": [by[1] if len(by) > 1 else ""], "chart": [chart],
                    "goal": ["inf"], "only_colour": ["red"],
                })  # fmt: skip
                assert plan.chart in charts_for(METRICS[metric], len(plan.by))
                assert plan.goal is None
                assert plan.filters == {}


def test_what_makes_no_sense_is_refused(agent):
    board = make_board(by=agent, name="Mine")
    for plan in [
        TilePlan("", "gone"),
        TilePlan("", "nps", TileChart.DONUT, ("team",)),
        TilePlan("", "nps", TileChart.BARS, ("assignee",)),
        TilePlan("", "volume", filters={"channel": ("pigeon",)}),
    ]:
        with pytest.raises(BoardRefused):
            add_tile(board.pk, plan)


def test_only_those_who_may_share_do_and_nobody_changes_what_is_not_theirs(team, agent):
    lead, other = member(Role.LEAD, team), member(Role.AGENT, team)
    mine = make_board(by=agent, name="Mine")
    with pytest.raises(BoardRefused):
        save_board(mine.pk, by=agent, name="Mine", scope=BoardScope.EVERYONE)
    assert "scope" not in client_of(agent).get(url("edit_board", mine.pk)).context["form"].fields

    ours = make_board(by=lead, name="Ours")
    client_of(lead).post(
        url("edit_board", ours.pk),
        {"name": "Ours", "scope": "team", "team": team.pk, "days": "90"},
    )
    ours.refresh_from_db()
    assert (ours.scope, ours.days) == (BoardScope.TEAM, 90)
    assert client_of(other).get(url("board", ours.pk)).status_code == 200
    assert client_of(other).get(url("edit_board", ours.pk)).status_code == 404
    assert client_of(other).post(url("change_board", ours.pk, "remove")).status_code == 404
    assert client_of(lead).get(url("edit_board", mine.pk)).status_code == 404


def test_a_dashboard_is_removed_and_brought_back_and_begins_as_it_was_left(agent):
    client = client_of(agent)
    board = make_board(by=agent, name="Mine")
    client.post(f"{url('begin_board', board.pk)}?channel=email&compare=before&period=90")
    board.refresh_from_db()
    assert (board.filters, board.compares, board.days) == ({"channel": ["email"]}, True, 90)

    client.post(url("change_board", board.pk, "remove"))
    assert client.get(url("board", board.pk)).status_code == 404
    assert forget_removed() == 0
    client.post(url("change_board", board.pk, "restore"))
    assert client.get(url("board", board.pk)).status_code == 200


def test_tiles_become_files(agent):
    client = client_of(agent)
    for kind, begin in [("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b""), ("xlsx", b"PK")]:
        path = url("tile_file", "channel", "bars-csat-channel", kind)
        answer = client.get(f"{path}?channel=email")
        assert answer.content.startswith(begin)
        assert "attachment" in answer["Content-Disposition"]
    assert client.get(url("tile_file", "channel", "bars-csat-channel", "exe")).status_code == 404


def test_notes_are_kept_by_those_who_may(team, agent, outsider):
    lead = member(Role.LEAD, team)
    given = {"day": "2026-03-01", "kind": "release", "text": "Version 9", "link": "", "team": ""}
    assert client_of(agent).post(url("timeline_notes"), given).status_code == 404
    assert client_of(lead).post(url("timeline_notes"), given).status_code == 302
    note = TimelineNote.objects.get()

    changed = {**given, "text": "Version 10", "team": team.pk}
    client_of(lead).post(url("timeline_note", note.pk), changed)
    assert "Version 10" in client_of(agent).get(url("timeline_notes")).content.decode()
    assert "Version 10" not in client_of(outsider).get(url("timeline_notes")).content.decode()

    bad = client_of(lead).post(url("timeline_notes"), {**given, "link": "ftp://example.com/x"})
    assert bad.status_code == 422
    client_of(lead).post(url("drop_note", note.pk))
    assert not TimelineNote.objects.exists()
