"""A definition is checked, frozen, and its codes keep their meaning."""

from copy import deepcopy

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from surveys.enums import SurveyStatus, VersionState
from surveys.errors import CannotPublish, VersionIsFrozen
from surveys.flow.checks import find_faults
from surveys.models import SurveyVersion
from surveys.services.defaults import ensure_call_back_survey
from surveys.services.publishing import checksum, publish_version, save_draft
from tests.factories import UserFactory
from tests.factories.surveys import definition, element_of, make_survey


def faults(raw):
    return find_faults(raw, known_languages=dict(settings.LANGUAGES))


def test_what_we_ship_has_no_faults():
    assert faults(definition()) == []


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "x",
        {},
        {"languages": "en", "pages": [{}]},
        {"languages": [["en"]], "pages": [{}]},
        {"languages": ["en"], "pages": {}},
        {"languages": ["en"], "pages": [None]},
        {"languages": ["en"], "pages": [{"code": "p", "elements": [None, 3, {"type": []}]}]},
        {"languages": ["en"], "texts": [], "pages": [{"code": "p", "elements": []}]},
        {
            "languages": ["en"],
            "pages": [{"code": {}, "elements": [{"type": "stars", "max": "x"}]}],
        },
        {
            "languages": ["en"],
            "pages": [
                {
                    "code": "p",
                    "elements": [
                        {"type": "single_choice", "code": "q", "choices": [1, {"code": []}]}
                    ],
                }
            ],
        },
    ],
)
def test_any_nonsense_gives_sentences_and_never_an_exception(raw):
    found = faults(raw)
    assert found
    assert all(isinstance(fault, str) and fault for fault in found)


def broken(**changes):
    raw = definition()
    element_of(raw, "solved").update(changes)
    return raw


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (broken(text={"en": "Is it?"}), "question 2 “solved”: text: the text in “简体中文” is"),
        (broken(code="overall"), "“overall” is used by more than one question"),
        (broken(code="OVERALL"), "“OVERALL” is used by more than one question"),
        (broken(code="1st"), "give it a code"),
        (broken(code="lang"), "used by the product itself"),
        (broken(type="slide"), "“type” must be one of"),
        (broken(requierd=True), "“requierd” is not known here"),
        (broken(required="yes"), "“required” must be true or false"),
        (broken(role="mood"), "“role” must be one of"),
        (broken(choices=[]), "at least two choices"),
        (broken(role="overall"), "must be a scale from 1 to 5"),
        (definition(languages=["fr"]), "These languages are not known: fr"),
        (definition(schema=9), "reads definitions with “schema” 1"),
        (definition(pages=[]), "Add at least one page"),
    ],
)
def test_each_fault_is_said_in_plain_words(raw, says):
    assert any(says in fault for fault in faults(raw)), faults(raw)


def test_choices_need_codes_of_their_own_and_every_language():
    raw = definition()
    choices = element_of(raw, "solved")["choices"]
    choices[1]["code"] = "yes"
    choices[2]["text"] = {"en": "No"}
    found = faults(raw)
    assert any("choice 2: the code “yes” is used twice" in fault for fault in found)
    assert any("choice 3: the text in “简体中文” is missing" in fault for fault in found)


def test_solved_must_be_asked_by_yes_and_no():
    raw = definition()
    element_of(raw, "solved")["choices"][0]["code"] = "sure"
    assert any("codes yes, no" in fault for fault in faults(raw))


@pytest.mark.django_db
def test_publishing_freezes_the_version_and_fills_the_dictionary():
    boss = UserFactory()
    survey = make_survey(publish=False)
    assert survey.status == SurveyStatus.DRAFT

    version = publish_version(survey.versions.get().pk, by=boss)

    survey.refresh_from_db()
    assert survey.status == SurveyStatus.RUNNING
    assert version.state == VersionState.PUBLISHED
    assert version.checksum == checksum(definition())
    assert version.published_by == boss
    overall = survey.questions.get(code="overall")
    assert (overall.data_type, overall.role) == ("number", "overall")
    assert (overall.minimum, overall.maximum, overall.first_version) == (1, 5, 1)
    solved = survey.questions.get(code="solved")
    assert [choice.code for choice in solved.choices.all()] == ["yes", "partly", "no"]
    assert solved.choices.get(code="partly").text_zh == "解决了一部分"


@pytest.mark.django_db
def test_a_faulty_draft_is_kept_but_not_published():
    survey = make_survey({"languages": ["en"]}, publish=False)

    with pytest.raises(CannotPublish) as refusal:
        publish_version(survey.versions.get().pk)

    assert refusal.value.faults == ["Add at least one page."]
    assert survey.versions.get().state == VersionState.DRAFT
    assert survey.questions.count() == 0


@pytest.mark.django_db
def test_a_survey_has_one_draft_that_is_saved_again_and_again():
    survey = make_survey()

    first = save_draft(survey.pk, definition={"half": "done"}, note="begun")
    second = save_draft(survey.pk, definition=definition())

    assert first.pk == second.pk
    assert (second.number, second.definition) == (2, definition())


@pytest.mark.django_db
def test_wording_and_order_may_change_freely():
    survey = make_survey()
    raw = definition()
    raw["pages"][0]["elements"].reverse()
    element_of(raw, "overall")["text"] = {"zh-hans": "满意吗？", "en": "Happy?"}

    publish_version(save_draft(survey.pk, definition=raw).pk)

    assert survey.questions.get(code="overall").text_en == "Happy?"
    states = dict(survey.versions.values_list("number", "state"))
    assert states == {1: VersionState.RETIRED, 2: VersionState.PUBLISHED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"type": "long_text", "role": "none"}, "held “One choice” and would now hold “Text”"),
        ({"role": "none"}, "measured “Solved” before"),
        ({"code": "Solved"}, "was written “solved” before"),
    ],
)
def test_a_code_keeps_its_meaning(changes, says):
    survey = make_survey()
    raw = broken(**changes)
    if changes.get("type") == "long_text":
        del element_of(raw, "solved")["choices"]
    draft = save_draft(survey.pk, definition=raw)

    with pytest.raises(CannotPublish) as refusal:
        publish_version(draft.pk)

    assert any(says in fault for fault in refusal.value.faults), refusal.value.faults


@pytest.mark.django_db
def test_a_scale_of_another_length_is_another_question():
    raw = definition()
    element_of(raw, "functional")["role"] = "none"
    survey = make_survey(raw)
    longer = deepcopy(raw)
    element_of(longer, "functional")["max"] = 7

    with pytest.raises(CannotPublish) as refusal:
        publish_version(save_draft(survey.pk, definition=longer).pk)

    assert "scale of question “functional”" in refusal.value.faults[0]


@pytest.mark.django_db
def test_codes_that_were_taken_out_are_never_used_again():
    survey = make_survey()
    without = definition()
    without["pages"][0]["elements"] = [
        e for e in without["pages"][0]["elements"] if e["code"] != "service"
    ]
    element_of(without, "solved")["choices"].pop(1)
    publish_version(save_draft(survey.pk, definition=without).pk)
    assert survey.questions.get(code="service").retired_in == 2

    with pytest.raises(CannotPublish) as refusal:
        publish_version(save_draft(survey.pk, definition=definition()).pk)

    said = " ".join(refusal.value.faults)
    assert "“service” was taken out in version 2" in said
    assert "the choice “partly” was taken out in version 2" in said


@pytest.mark.django_db
def test_a_published_version_is_not_published_twice():
    version = make_survey().versions.get()

    with pytest.raises(VersionIsFrozen):
        publish_version(version.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"definition": {}}, {"checksum": "x"}, {"number": 7}, {"state": VersionState.DRAFT}],
    ids=str,
)
def test_the_database_itself_refuses_to_change_a_published_version(change):
    version = make_survey().versions.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        SurveyVersion.objects.filter(pk=version.pk).update(**change)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_surveyversion SET definition = '{}' WHERE id = %s", [version.pk]
        )


@pytest.mark.django_db
def test_setting_up_again_changes_nothing():
    survey = ensure_call_back_survey()
    collector = survey.collectors.get(channel="follow_up")
    collector.quiet_days = 3
    collector.save()

    assert ensure_call_back_survey() == survey

    collector.refresh_from_db()
    assert collector.quiet_days == 3
    assert survey.versions.count() == 1
    assert survey.collectors.count() == 2
