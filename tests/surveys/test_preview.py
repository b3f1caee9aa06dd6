"""The preview goes through a draft as people will, and stores nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from feedback.models import Upload
from surveys.models import Response
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db

WORDS = ("zh-hans", "en")


def texts(words):
    return dict.fromkeys(WORDS, words)


def element(code, kind, words, **more):
    return {"code": code, "type": kind, "text": texts(words), **more}


DRAFT = {
    "schema": 1,
    "languages": list(WORDS),
    "texts": {"title": texts("Purifier"), "thanks": texts("Thanks, {name|friend}!")},
    "pages": [
        {
            "code": "first",
            "elements": [
                element("name", "short_text", "Your name?"),
                element("stars", "stars", "Stars?", required=True, max=5),
            ],
            "jumps": [{"to": "end:low", "when": "{stars} = 1"}],
        },
        {
            "code": "second",
            "when": "{stars} >= 4",
            "elements": [element("why", "long_text", "Why so many, {name|friend}?")],
        },
        {
            "code": "third",
            "elements": [
                element("picture", "file", "A picture?", required=True),
                element("double", "calculated", "Doubled", value="{stars} * 2"),
            ],
        },
    ],
    "ends": [{"code": "low", "outcome": "screened_out", "text": texts("Sorry about that.")}],
}


@pytest.fixture
def client(db):
    return client_of(member(Role.ANALYST))


def sheet(survey):
    return reverse("surveys:preview_sheet", args=[survey.slug]) + "?lang=en"


def send(client, survey, page, go="next", **typed):
    """What the page posts: its hidden fields and what was typed."""
    shown = page.context
    hidden = {
        "stamp": str(shown["sheet"].stamp),
        "page": shown["paging"].page.code,
        "asks": shown["paging"].asks,
        "brought": shown["brought"],
        "language": shown["language"],
        "go": go,
    }
    return client.post(sheet(survey).partition("?")[0], hidden | typed)


def test_a_draft_is_gone_through_page_by_page_and_nothing_is_stored(client):
    survey = make_survey(DRAFT, publish=False)
    page = client.get(sheet(survey))
    assert "Stars?" in page.content.decode()
    assert "Why so many" not in page.content.decode()

    refused = send(client, survey, page, name="Lin")
    assert refused.status_code == 422
    assert "Please look at this again" in refused.content.decode()
    second = send(client, survey, refused, name="Lin", stars="5")
    assert "Why so many, Lin?" in second.content.decode()
    assert 'value="Lin"' in send(client, survey, second, go="back").content.decode()
    third = send(client, survey, second, why="It is quiet")
    end = send(client, survey, third, **{"picture.file": SimpleUploadedFile("a.png", b"x")})

    said = end.content.decode()
    assert "Thanks, Lin!" in said
    assert "<dd>10</dd>" in said
    assert not Response.objects.exists()
    assert not Upload.objects.exists()


def test_it_ends_as_the_logic_says(client):
    survey = make_survey(DRAFT, publish=False)
    end = send(client, survey, client.get(sheet(survey)), stars="1").content.decode()
    assert "Sorry about that." in end
    assert "screened out" in end


def test_one_begins_on_any_page(client):
    survey = make_survey(DRAFT, publish=False)
    frames = client.get(reverse("surveys:preview", args=[survey.slug]), {"page": "third"})
    assert "page=third" in frames.content.decode()
    assert "A picture?" in client.get(sheet(survey) + "&page=third").content.decode()
    hidden = client.get(sheet(survey) + "&page=second").content.decode()
    assert "that page is not shown" in hidden
    assert "A picture?" in hidden
