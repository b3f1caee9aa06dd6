"""A publication about a problem of another team: read like everybody does, and no more."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import OutgoingMessage
from analytics.enums import CommentState
from analytics.models import Publication, PublicationComment
from analytics.services.publications import draft_publication
from tests.conftest import client_of, member
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    """A lead of another team, who may do everything to their own."""
    return client_of(member(Role.LEAD, TeamFactory()))


def test_they_change_nothing_and_reach_nobody(stranger, published, open_page):
    one = published(kind="plan", result_en="")
    waiting = PublicationComment.objects.create(publication=one, text="Good", submission_key="a")
    doors = [
        ("edit_publication", [one.pk]),
        ("change_publication", [one.pk, "withdraw"]),
        ("allow_in_publication", [one.pk]),
        ("remove_publication", [one.pk]),
        ("tell_customers", [one.pk]),
        ("publication_quotes", [one.pk]),
        ("decide_comment", [waiting.pk]),
    ]

    for name, about in doors:
        assert stranger.post(reverse(f"analytics:{name}", args=about)).status_code == 404, name
    for name, about in doors[4:6]:
        assert stranger.get(reverse(f"analytics:{name}", args=about)).status_code == 404, name
    own = f"/api/v1/publications/{one.pk}/"
    assert stranger.patch(own, {}, "application/json").status_code == 404
    assert stranger.delete(own).status_code == 404
    assert stranger.post(f"{own}tell/").status_code == 404
    step = stranger.post(f"{own}step/", {"step": "withdraw"}, "application/json")
    assert step.status_code == 404

    assert Publication.objects.get().is_published
    assert PublicationComment.objects.get().state == CommentState.WAITING
    assert not OutgoingMessage.objects.filter(kind="publication").exists()


def test_they_see_nothing_of_what_is_behind_it(stranger, lead_client, published, measure):
    one = published()
    listed = reverse("analytics:publications")

    def seen_by(client):
        table = client.get(listed, {"export": "csv"})
        return {
            "page": client.get(one.get_absolute_url()).content.decode(),
            "list": client.get(listed).content.decode(),
            "table": b"".join(table.streaming_content).decode(),
        }

    behind = measure.reference
    assert all(behind in words for words in seen_by(lead_client).values())
    theirs = seen_by(stranger)
    assert all("Seals that hold" in words for words in theirs.values())
    assert not any(behind in words or "Seals leak" in words for words in theirs.values())
    for hidden in ("Would be told now", "Withdraw it", "Quote customers"):
        assert hidden in seen_by(lead_client)["page"]
        assert hidden not in theirs["page"]
    told = f"/api/v1/publications/{one.pk}/"
    assert lead_client.get(told).json()["problem"] == one.problem_id
    assert stranger.get(told).json()["problem"] is None
    assert stranger.get(told).json()["measure"] is None


def test_the_letter_before_it_is_sent_greets_nobody(lead_client, published, records, open_page):
    records[0].customer.name = "Philippa Ashdown"
    records[0].customer.save()
    one = published()

    page = lead_client.get(reverse("analytics:tell_customers", args=[one.pk])).content.decode()

    assert "Seals that hold" in page
    assert "Ashdown" not in page


def test_without_its_problem_it_is_for_who_drafted_it_and_who_sees_every_team(
    stranger, lead, lead_client, published, measure
):
    public, draft = published(), draft_publication(by=lead, language="en", measure=measure)
    measure.problem.delete()
    public.refresh_from_db()
    assert (public.problem, public.measure) == (None, None)
    every_team = client_of(member(Role.ADMIN))

    def edits(client):
        found = (
            client.get(reverse("analytics:edit_publication", args=[one.pk]))
            for one in (public, draft)
        )
        return [answer.status_code for answer in found]

    assert edits(lead_client) == edits(every_team) == [200, 200]
    assert edits(stranger) == [404, 404]
    assert stranger.patch(f"/api/v1/publications/{public.pk}/").status_code == 404
    assert stranger.get(public.get_absolute_url()).status_code == 200
    assert stranger.get(draft.get_absolute_url()).status_code == 404
