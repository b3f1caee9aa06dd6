"""What programs do with publications, as people do on the pages."""

import pytest
from django.contrib.auth.models import Permission

from accounts.enums import Role
from analytics.models import Publication
from tests.analytics.publication.conftest import WORDS
from tests.api.conftest import ApiClient
from tests.conftest import member
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SCOPES = ["feedback:read", "feedback:write"]


@pytest.fixture
def api(lead):
    return ApiClient(lead, SCOPES)


def step(api, pk, name, **more):
    return api.post(f"publications/{pk}/step/", {"step": name, **more})


def test_from_a_draft_to_the_withdrawn_page_with_a_reason(api, measure):
    drafted = api.post("publications/", {"measure": measure.pk, "language": "en"})
    assert drafted.status_code == 201
    one = drafted.json()
    own = f"publications/{one['id']}/"
    assert (one["state"], one["title_en"]) == ("draft", "Better seals")
    assert step(api, one["id"], "publish").status_code == 409  # nobody has checked it

    assert api.patch(own, {**WORDS, "kind": "done"}).json()["said_en"] == WORDS["said_en"]
    assert step(api, one["id"], "check", why="x").json()["errors"].keys() == {"why"}
    assert step(api, one["id"], "check").json()["state"] == "checked"
    assert step(api, one["id"], "publish").json()["published_at"]
    gone = step(api, one["id"], "withdraw", why="The figures were wrong")

    assert gone.json()["state"] == "withdrawn"
    entry = Publication.objects.get().entries.get(step="withdrawn")
    assert entry.note == "The figures were wrong"


def test_what_was_changed_meanwhile_is_not_written_over(api, published):
    own = f"publications/{published().pk}/"
    read = api.get(own).json()["version"]

    first = api.patch(own, {"did_en": "Mine.", "version": read})
    second = api.patch(own, {"did_en": "Theirs.", "version": read})

    assert first.json()["version"] == read + 1
    assert (second.status_code, second.json()["code"]) == (409, "publication_has_changed")
    assert api.get(own).json()["did_en"] == "Mine."


def test_who_may_write_in_one_may_not_therefore_make_one(measure):
    writer = UserFactory()
    names = ("view_publication", "change_publication", "view_measure", "view_every_team")
    writer.user_permissions.set(Permission.objects.filter(codename__in=names))
    program = ApiClient(writer, SCOPES)

    refused = program.post("publications/", {"measure": measure.pk, "language": "en"})

    assert program.get("publications/").status_code == 200
    assert refused.status_code == 403


def test_without_the_permission_or_the_scope_nothing_is_done(lead, team, published):
    one = published()
    reader = ApiClient(lead, ["feedback:read"])
    analyst, agent = (ApiClient(member(role, team), SCOPES) for role in (Role.ANALYST, Role.AGENT))
    own = f"publications/{one.pk}/"

    for program in (reader, agent):
        assert program.get(own).status_code == 200
        assert program.patch(own, {"did_en": "x"}).status_code == 403
        assert program.post("publications/", WORDS).status_code == 403
    for program in (reader, analyst, agent):
        assert step(program, one.pk, "withdraw").status_code == 403

    one.refresh_from_db()
    assert (one.is_published, one.did_en) == (True, WORDS["did_en"])
