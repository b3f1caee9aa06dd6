"""The builder: a survey is written, changed and published without reading any documentation."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from surveys.enums import VersionState
from surveys.errors import DraftHasChanged, NothingToChange
from surveys.flow.checks import find_faults
from surveys.flow.differences import differences
from surveys.flow.editing import codes_of, element_of
from surveys.models import QuestionBankItem, Survey
from surveys.questions.registry import TYPES
from surveys.services import building
from surveys.services.editing import EMPTY
from surveys.services.publishing import MOST_STEPS, publish_version
from surveys.services.ready_surveys import READY, ready_definition
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


@pytest.fixture
def client(analyst):
    return client_of(analyst)


def empty_survey():
    return make_survey(EMPTY, publish=False)


def to(survey, name="questions", **more):
    return reverse(f"surveys:{name}", kwargs={"slug": survey.slug, **more})


def now(survey):
    return building.current_version(survey.pk).definition


def order(survey):
    return [[one["code"] for one in page["elements"]] for page in now(survey)["pages"]]


@pytest.mark.parametrize("ready", READY, ids=lambda one: one.code)
def test_every_template_can_be_published_as_it_is(ready):
    definition = ready_definition(ready.code)
    assert find_faults(definition, known_languages=dict(settings.LANGUAGES)) == []


def test_a_survey_is_begun_from_a_template_changed_and_published(client, analyst):
    survey = empty_survey()
    assert "Start from" in client.get(to(survey)).content.decode()

    client.post(to(survey, "start_survey"), {"template": "nps"})
    client.post(to(survey, "add_question"), {"kind": "stars", "page": "page1"})
    assert order(survey) == [["likely", "missing", "better", "like", "q1"]]
    refused = client.post(to(survey, "publish_survey"))
    assert refused.status_code == 422
    assert "To mend before publishing" in refused.content.decode()

    saved = client.post(
        to(survey, "edit_question", code="q1"),
        {
            "do": "save",
            "text__zh-hans": "几颗星？",
            "text__en": "How many stars?",
            "max": "5",
            "required": "on",
            "role": "none",
            "when-mode": "rows",
            "when-row": ["0"],
            "when-0-name": "likely",
            "when-0-operator": ">=",
            "when-0-value": "9",
        },
    )
    assert saved.headers["Location"].endswith("#question-q1")
    assert element_of(now(survey), "q1") == {
        "code": "q1",
        "type": "stars",
        "text": {"zh-hans": "几颗星？", "en": "How many stars?"},
        "required": True,
        "max": 5,
        "when": "{likely} >= 9",
    }
    assert "Only if “How likely are you to" in client.get(to(survey)).content.decode()

    client.post(to(survey, "publish_survey"))
    version = survey.versions.get()
    assert (version.state, version.published_by) == (VersionState.PUBLISHED, analyst)
    assert not version.steps.exists()


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_is_added_shown_and_kept_as_it_is(kind, client, analyst):
    survey = empty_survey()
    code = building.add_question(survey.pk, kind=kind, page="", by=analyst)
    page = client.get(to(survey, "edit_question", code=code))

    assert page.status_code == 200
    form = page.context["form"]
    before = element_of(now(survey), code)
    typed = {"do": "save", "seen": page.context["seen"]}
    for bound in form:
        value = bound.value()
        if value not in (None, "", False):
            typed[bound.html_name] = value
    for name, rows in form.parts.items():
        typed[f"{name}-row"] = [row.id for row in rows.lines]
        for row in rows.lines:
            typed[f"{name}-{row.id}-code"], typed[f"{name}-{row.id}-score"] = row.code, row.score
            typed |= {f"{name}-{row.id}-text-{lang}": text for lang, _name, text in row.texts}
    assert client.post(page.request["PATH_INFO"], typed).status_code == 302
    assert element_of(now(survey), code) == before
    assert client.get(to(survey, "preview_sheet"), {"lang": "en"}).status_code == 200


def test_questions_change_places_and_a_change_is_taken_back(client, analyst):
    survey = empty_survey()
    for kind in ("stars", "long_text", "nps"):
        building.add_question(survey.pk, kind=kind, page="page1", by=analyst)
    client.post(to(survey, "change_page", code="new", what="new"))

    def press(code, what, **more):
        client.post(to(survey, "change_question", code=code, what=what), more)

    press("q1", "down")
    assert order(survey) == [["q2", "q1", "q3"], []]
    press("q3", "down")
    assert order(survey) == [["q2", "q1"], ["q3"]]
    press("q2", "move", page="page2", before="q3")
    assert order(survey) == [["q1"], ["q2", "q3"]]
    press("q2", "copy")
    assert order(survey) == [["q1"], ["q2", "q4", "q3"]]
    press("q2", "remove")
    assert order(survey) == [["q1"], ["q4", "q3"]]
    step = building.draft_of(survey.pk).steps.first().pk
    client.post(to(survey, "undo_draft", step=step))
    assert order(survey) == [["q1"], ["q2", "q4", "q3"]]
    client.post(to(survey, "undo_draft", step=step))  # pressed twice: nothing more happens
    assert order(survey) == [["q1"], ["q2", "q4", "q3"]]


def test_what_two_people_typed_at_once_is_lost_by_neither(client, analyst):
    survey = make_survey()
    url = to(survey, "edit_question", code="comment")
    seen = client.get(url).context["seen"]
    theirs = {"do": "save", "seen": seen, "text__zh-hans": "他们的", "text__en": "Theirs"}
    client.post(url, theirs)

    mine = theirs | {"text__en": "Mine"}
    refused = client.post(url, mine)

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Theirs" in page
    assert "Mine" in page
    assert element_of(now(survey), "comment")["text"]["en"] == "Theirs"
    client.post(url, mine | {"seen": refused.context["seen"]})
    assert element_of(now(survey), "comment")["text"]["en"] == "Mine"


def test_a_form_that_saves_itself_is_one_change(client):
    survey = make_survey()
    url = to(survey, "edit_question", code="comment")
    seen = client.get(url).context["seen"]
    for words in ("Why", "Why is that", "Why is that so?"):
        typed = {"do": "auto", "seen": seen, "text__zh-hans": "为什么？", "text__en": words}
        answer = client.post(url, typed)
        seen = answer.context["seen"]
        assert "Saved" in answer.content.decode()

    assert element_of(now(survey), "comment")["text"]["en"] == "Why is that so?"
    assert building.draft_of(survey.pk).steps.count() == 1


def test_choices_come_go_and_keep_their_codes(client, analyst):
    survey = empty_survey()
    building.add_question(survey.pk, kind="single_choice", page="", by=analyst)
    url = to(survey, "edit_question", code="q1")
    typed = {
        "text__zh-hans": "选",
        "text__en": "Choose",
        "choices-row": ["0", "1"],
        "choices-0-code": "c1",
        "choices-0-text-en": "One",
        "choices-0-text-zh-hans": "一",
        "choices-1-code": "c2",
        "choices-1-text-en": "Two",
        "choices-1-text-zh-hans": "二",
        "choices-1-other": "1",
    }
    added = client.post(url, typed | {"do": "add:choices"}).context["form"].parts["choices"]
    assert [one.code for one in added.lines] == ["c1", "c2", "c3"]
    assert len(element_of(now(survey), "q1")["choices"]) == 3  # a button saves nothing

    client.post(url, typed | {"do": "save", "choices-row": ["1", "0"]})
    assert element_of(now(survey), "q1")["choices"] == [
        {"code": "c2", "text": {"zh-hans": "二", "en": "Two"}, "other": True},
        {"code": "c1", "text": {"zh-hans": "一", "en": "One"}},
    ]


def test_a_code_that_changes_takes_what_names_it_along(analyst):
    survey = empty_survey()
    building.start_from(survey.pk, ready_definition("nps"), by=analyst)
    renamed = element_of(now(survey), "likely") | {"code": "score"}

    building.save_question(survey.pk, "likely", element=renamed, seen=None, by=analyst)

    assert element_of(now(survey), "better")["when"] == "{score} = 7 or {score} = 8"


def test_a_page_leads_elsewhere_and_an_end_turns_away(client, analyst):
    survey = empty_survey()
    building.start_from(survey.pk, ready_definition("service"), by=analyst)
    client.post(
        to(survey, "edit_frame"),
        {
            "title__en": "Service",
            "title__zh-hans": "服务",
            "end0-there": "1",
            "end0-text__en": "Not you",
            "end0-text__zh-hans": "不是您",
            "end0-outcome": "screened_out",
        },
    )
    assert now(survey)["ends"] == [
        {
            "code": "end1",
            "outcome": "screened_out",
            "text": {"zh-hans": "不是您", "en": "Not you"},
        }
    ]
    client.post(
        to(survey, "edit_page", code="page1"),
        {
            "jump0-there": "1",
            "jump0-to": "end:end1",
            "jump0-row": ["0"],
            "jump0-0-name": "overall",
            "jump0-0-operator": "<=",
            "jump0-0-value": "1",
        },
    )
    assert now(survey)["pages"][0]["jumps"] == [{"to": "end:end1", "when": "{overall} <= 1"}]
    assert "Goes on to the end “end1” if" in client.get(to(survey)).content.decode()
    publish_version(building.draft_of(survey.pk).pk)


def test_what_a_draft_changes_is_said_in_words(analyst):
    survey = make_survey()
    before = now(survey)
    building.remove_question(survey.pk, "comment", by=analyst)
    building.add_question(survey.pk, kind="date", page=before["pages"][0]["code"], by=analyst)
    changed = element_of(now(survey), "overall") | {"required": False}
    building.save_question(survey.pk, "overall", element=changed, seen=None, by=analyst)

    said = differences(before, now(survey))

    assert any(one.startswith("New question:") for one in said)
    assert any(one.startswith("Taken out:") for one in said)
    assert any("may be left out now" in one for one in said)
    assert building.discard_draft(survey.pk)
    assert now(survey) == before


def test_a_code_of_an_earlier_version_is_not_given_again(analyst):
    survey = make_survey()
    page = now(survey)["pages"][0]["code"]
    first = building.add_question(survey.pk, kind="date", page=page, by=analyst)
    words = {"text": {"zh-hans": "哪天？", "en": "Which day?"}}
    element = element_of(now(survey), first) | words
    building.save_question(survey.pk, first, element=element, seen=None, by=analyst)
    publish_version(building.draft_of(survey.pk).pk)
    building.remove_question(survey.pk, first, by=analyst)

    assert building.add_question(survey.pk, kind="nps", page=page, by=analyst) != first


def test_the_bank_gives_questions_to_other_surveys(client):
    survey, other = make_survey(), empty_survey()
    client.post(to(survey, "put_into_bank", code="solved"))
    item = QuestionBankItem.objects.get()
    for _time in range(2):
        client.post(to(other, "add_question"), {"item": item.pk})

    assert codes_of(now(other)) == {"q1", "q2"}
    assert element_of(now(other), "q1")["role"] == "solved"
    assert element_of(now(other), "q2")["role"] == "none"


def test_only_so_many_changes_are_remembered(analyst):
    survey = make_survey()
    for _time in range(MOST_STEPS + 3):
        building.add_page(survey.pk, by=analyst)

    assert building.draft_of(survey.pk).steps.count() == MOST_STEPS


def test_what_is_gone_meanwhile_is_said_and_not_an_error(client, analyst):
    survey = make_survey()
    with pytest.raises(NothingToChange):
        building.nudge_question(survey.pk, "gone", 1, by=analyst)
    with pytest.raises(DraftHasChanged):
        building.replace_draft(survey.pk, EMPTY, by=analyst, revision=99)
    moved = client.post(to(survey, "change_question", code="gone", what="up"), follow=True)
    assert "not in the draft any more" in moved.content.decode()
    assert client.get(to(survey, "edit_question", code="gone")).status_code == 404


def test_a_draft_of_any_shape_opens(client):
    survey = make_survey({"pages": "none"}, publish=False)
    assert "cannot be shown as a list" in client.get(to(survey)).content.decode()


def test_the_builder_asks_the_database_as_often_for_many_questions_as_for_one(client, analyst):
    survey = make_survey()
    page = now(survey)["pages"][0]["code"]
    building.add_question(survey.pk, kind="nps", page=page, by=analyst)
    client.get(to(survey))
    with CaptureQueriesContext(connection) as few:
        client.get(to(survey))
    for kind in ("likert", "ranking", "stars", "date", "number"):
        building.add_question(survey.pk, kind=kind, page=page, by=analyst)
    with CaptureQueriesContext(connection) as many:
        client.get(to(survey))
    assert len(many) <= len(few) <= 12


def test_agents_build_no_surveys(agent_client):
    survey = make_survey()
    assert agent_client.get(to(survey)).status_code in {302, 403, 404}
    assert Survey.objects.filter(pk=survey.pk).exists()


def test_programs_write_a_draft_and_publish_it_twice_without_harm(client):
    survey = empty_survey()
    url = f"/api/v1/surveys/{survey.slug}/"
    read = client.get(f"{url}draft/").json()
    wanted = {"definition": ready_definition("ces"), "revision": read["revision"]}
    assert client.put(f"{url}draft/", wanted, "application/json").json()["faults"] == []
    late = client.put(f"{url}draft/", wanted, "application/json")
    assert (late.status_code, late.json()["code"]) == (409, "draft_has_changed")
    assert client.post(f"{url}publish/").json()["state"] == "published"
    assert client.post(f"{url}publish/").json()["version"] == 1

    client.put(f"{url}draft/", {"definition": {"pages": []}}, "application/json")
    refused = client.post(f"{url}publish/")
    assert refused.status_code == 400
    assert "languages" in refused.content.decode()
