"""What an admin does to surveys."""

import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from surveys.enums import DuplicatePolicy, SurveyStatus, VersionState
from surveys.models import Collector, Survey
from surveys.services.answering import submit_response
from tests.factories.surveys import definition, element_of, follow_up, make_survey, open_link

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"admin:surveys_{name}", args=args)


def inlines(*prefixes):
    return {f"{p}-{n}_FORMS": 0 for p in prefixes for n in ("TOTAL", "INITIAL")}


def said(response):
    return " ".join(str(one) for one in get_messages(response.wsgi_request))


def survey_form(**more):
    return {
        "kind": "custom",
        "title_zh": "新问卷",
        "title_en": "New survey",
        "default_language": "en",
        **inlines("versions", "collectors"),
        **more,
    }


def test_a_survey_is_made_drafted_mended_and_published(admin_client):
    admin_client.post(address("survey_add"), survey_form())
    survey = Survey.objects.get(title_en="New survey")

    begun = admin_client.post(address("survey_edit_draft", survey.pk))
    draft = survey.versions.get()
    assert begun.url == address("surveyversion_change", draft.pk)

    refused = admin_client.post(address("survey_publish", survey.pk))
    assert "Add at least one page." in said(refused)

    editor = address("surveyversion_change", draft.pk)
    assert "Add at least one page." in admin_client.get(editor).content.decode()
    admin_client.post(editor, {"definition": json.dumps(definition()), "note": "first"})
    assert "it can be published" in admin_client.get(editor).content.decode()
    admin_client.post(address("surveyversion_publish", draft.pk))

    survey.refresh_from_db()
    draft.refresh_from_db()
    assert survey.status == SurveyStatus.RUNNING
    assert (draft.state, draft.note) == (VersionState.PUBLISHED, "first")
    assert draft.published_by is not None


def test_the_next_draft_begins_as_a_copy_and_the_old_version_cannot_be_edited(admin_client):
    survey = make_survey()
    first = survey.versions.get()

    admin_client.post(address("survey_edit_draft", survey.pk))

    second = survey.versions.get(number=2)
    assert (second.state, second.definition) == (VersionState.DRAFT, first.definition)
    page = admin_client.get(address("surveyversion_change", first.pk)).content.decode()
    assert "<textarea" not in page
    refused = admin_client.post(
        address("surveyversion_change", first.pk), {"definition": "{}", "note": ""}
    )
    assert refused.status_code == 403


def test_faults_of_the_dictionary_are_shown_while_editing(admin_client):
    survey = make_survey()
    admin_client.post(address("survey_edit_draft", survey.pk))
    draft = survey.versions.get(number=2)
    raw = definition()
    element_of(raw, "comment").update({"type": "stars", "role": "none"})
    del element_of(raw, "comment")["placeholder"]
    editor = address("surveyversion_change", draft.pk)

    admin_client.post(editor, {"definition": json.dumps(raw), "note": ""})

    assert "would now hold “Number”" in admin_client.get(editor).content.decode()


def test_json_that_cannot_be_read_is_given_back_as_typed(admin_client):
    survey = make_survey()
    admin_client.post(address("survey_edit_draft", survey.pk))
    draft = survey.versions.get(number=2)

    response = admin_client.post(
        address("surveyversion_change", draft.pk), {"definition": '{"half": ', "note": ""}
    )

    assert response.status_code == 200
    assert "{&quot;half&quot;: </textarea>" in response.content.decode()


def test_deleting_a_survey_with_answers_archives_it(admin_client):
    survey = make_survey()
    submit_response(open_link(survey).pk, answers={"overall": 3}, language="en")

    response = admin_client.post(address("survey_delete", survey.pk), {"post": "yes"})

    survey.refresh_from_db()
    assert survey.status == SurveyStatus.ARCHIVED
    assert "was archived" in said(response)
    listed = admin_client.get(address("survey_changelist")).content.decode()
    assert address("survey_change", survey.pk) not in listed


def test_deleting_a_survey_without_answers_deletes_it(admin_client):
    survey = make_survey()
    admin_client.post(address("survey_delete", survey.pk), {"post": "yes"})
    assert not Survey.objects.filter(pk=survey.pk).exists()


def test_a_survey_is_closed_and_opened_again(admin_client):
    survey = make_survey()
    for action, status in (
        ("close", SurveyStatus.CLOSED),
        ("resume", SurveyStatus.RUNNING),
        ("archive", SurveyStatus.ARCHIVED),
    ):
        admin_client.post(address(f"survey_{action}", survey.pk))
        survey.refresh_from_db()
        assert survey.status == status


def collector_form(collector, **more):
    return {
        "survey": collector.survey_id,
        "name": collector.name,
        "channel": collector.channel,
        "is_active": "on",
        "delay": "1 00:00:00",
        "quiet_days": collector.quiet_days,
        "same_survey_days": collector.same_survey_days,
        "valid_days": collector.valid_days,
        "duplicates": collector.duplicates,
        "language": "",
        **more,
    }


def test_every_rule_against_duplicates_that_is_offered_works_and_no_other_is_named(admin_client):
    page = admin_client.get(address("collector_change", follow_up().pk))

    offered = {value for value, _ in page.context["adminform"].form.fields["duplicates"].choices}
    assert offered == {*DuplicatePolicy.values} == {"none", "cookie", "token"}


def test_the_delay_of_the_call_back_is_set_here(admin_client):
    collector = follow_up()

    admin_client.post(
        address("collector_change", collector.pk), collector_form(collector, delay="00:02:00")
    )

    collector.refresh_from_db()
    assert collector.delay.total_seconds() == 120


@pytest.mark.parametrize(
    "wrong",
    [
        {"delay": "-1 00:00:00"},
        {
            "opens_at_0": "2026-12-02",
            "opens_at_1": "10:00",
            "closes_at_0": "2026-12-01",
            "closes_at_1": "10:00",
        },
        {"channel": "paper"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_collector_that_makes_no_sense_is_refused(admin_client, wrong):
    collector = follow_up()
    response = admin_client.post(
        address("collector_change", collector.pk), collector_form(collector, **wrong)
    )
    assert response.status_code == 200
    assert response.context["errors"]


def test_a_collector_people_came_by_is_switched_off(admin_client):
    used, unused = open_link(), open_link()
    submit_response(used.pk, answers={"overall": 3}, language="en")

    for collector in (used, unused):
        admin_client.post(address("collector_delete", collector.pk), {"post": "yes"})

    used.refresh_from_db()
    assert used.is_active is False
    assert not Collector.objects.filter(pk=unused.pk).exists()
