"""Surveys on paper: printed, keyed in, keyed in by a second person."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.enums import Role
from surveys.enums import CollectorChannel, PaperState, ResponseStatus
from surveys.errors import FormIsEntered, NeedsAnother
from surveys.models import PaperBatch, PaperForm, Response
from surveys.services.archiving import close_survey
from surveys.services.papers import enter_form, make_batch
from surveys.services.publishing import publish_version, save_draft
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories.surveys import definition, element_of, make_survey
from tests.surveys.test_answering import in_parallel

pytestmark = pytest.mark.django_db

ANSWERS = {"overall": "4", "solved": "1", "comment": "很好"}


@pytest.fixture
def agent(db):
    return member(Role.AGENT)


def batch(survey=None, *, count=3, twice=0, **fields):
    survey = survey or make_survey()
    return make_batch(
        PaperBatch(survey=survey, twice_percent=twice, **fields), count=count, by=None
    )


def with_condition():
    raw = definition()
    element_of(raw, "comment")["when"] = "{solved} = 'no'"
    return raw


def enter(form, by, **changes):
    return enter_form(
        form.batch.survey_id,
        serial=form.serial,
        fields=ANSWERS | changes,
        language="zh-hans",
        by=by,
    )


def key_of(page):
    return re.search(r'name="key" value="([^"]+)"', page).group(1)


def test_numbered_forms_are_printed_in_both_languages(settings):
    survey = make_survey(with_condition())
    staff = client_of(member(Role.LEAD))
    url = f"/surveys/{survey.slug}/paper/"
    wanted = {
        "count": "2",
        "name": "门店",
        "language": "both",
        "size": "a4",
        "twice_percent": "50",
    }
    staff.post(f"{url}new/", wanted)

    made = PaperBatch.objects.get()
    file = staff.get(f"{url}{made.pk}/forms.pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages]

    assert file.headers["Content-Type"] == "application/pdf"
    first, second = (one.number for one in made.forms.all())
    assert first in pages[0]
    assert second in pages[len(pages) // 2]
    text = "".join(pages[: len(pages) // 2])
    texts = element_of(with_condition(), "overall")["text"]
    assert texts["zh-hans"] in text.replace("\n", "")
    assert texts["en"][:20] in text
    assert "Only if" in text
    assert made.forms.filter(is_twice=True).count() == 1


def test_a_form_is_keyed_in_and_counts(agent):
    one = batch(make_survey(with_condition())).forms.first()
    survey, staff = one.batch.survey, client_of(agent)
    url = f"/surveys/{survey.slug}/paper/enter/"
    page = staff.get(url).content.decode()
    sent = {
        "key": key_of(page), "serial": one.number, "language": "zh-hans",
        "f.overall": "9", "f.solved": "1", "f.comment": "好",
    }  # fmt: skip

    wrong = staff.post(url, sent)
    unexpected = staff.post(url, sent | {"f.overall": "?"})
    seen = {"seen": "comment", "f.overall": "?"}
    entered = staff.post(url, sent | seen, follow=True).content.decode()
    again = staff.post(url, sent | seen | {"key": "another"})

    assert "There is no 9 here" in wrong.content.decode()
    assert 'value="9"' in wrong.content.decode()
    assert "This was not to be answered." in unexpected.content.decode()
    assert f"{one.number} is entered." in entered
    assert again.status_code == 409
    assert "This form has been entered already" in again.content.decode()
    response = Response.objects.get()
    assert response.status == ResponseStatus.COMPLETE
    assert response.collector.channel == CollectorChannel.PAPER
    assert response.source == {"mode": "paper", "form": one.serial, "unreadable": ["overall"]}
    assert [answer.choice.code for answer in response.answers.all()] == ["yes"]


def test_what_came_without_a_number_gets_one_and_closed_surveys_are_entered(agent):
    survey = batch(count=0).survey
    close_survey(survey.pk)
    url = f"/surveys/{survey.slug}/paper/enter/"
    staff = client_of(agent)
    sent = {"key": "once", "serial": "", "language": "en", "f.overall": "5"}

    pages = [staff.post(url, sent, follow=True).content.decode() for _ in range(2)]

    form = PaperForm.objects.get()
    assert f"Entered. Write {form.number} on it" in pages[0]
    assert form.response.answers.get().number == 5


def test_what_two_people_read_differently_is_decided(agent):
    one = batch(count=1, twice=100).forms.get()
    other, staff = member(Role.AGENT), client_of(member(Role.LEAD))
    enter(one, agent)
    with pytest.raises(NeedsAnother):
        enter(one, agent)
    assert not Response.objects.exists()

    enter(one, other, overall="2", comment=" 很好 ")
    url = f"/surveys/{one.batch.survey.slug}/paper/"
    listed = staff.get(url).content.decode()
    page = staff.get(f"{url}decide/{one.serial}/").content.decode()
    staff.post(f"{url}decide/{one.serial}/", {"which.overall": "other", "f.overall": "3"})

    assert "1 field differs" in listed
    assert page.count("<fieldset") == 1
    one.refresh_from_db()
    assert (one.state, one.compared, one.differing) == (PaperState.DONE, 3, 1)
    assert one.response.entered_by == agent
    assert one.response.answers.get(question__code="overall").number == 3
    assert [entry.fields for entry in one.entries.all()] == [{}, {}]
    assert "33.3% of the fields differed" in staff.get(url).content.decode()


def test_two_people_who_read_the_same_need_nobody_else(agent):
    one = batch(count=1, twice=100).forms.get()

    enter(one, agent)
    done = enter(one, member(Role.AGENT))

    assert done.state == PaperState.DONE
    assert done.response.answers.count() == 3


def test_programs_list_batches_and_enter_forms(agent):
    one = batch(count=2).forms.first()
    api = ApiClient(agent, ["surveys:read", "surveys:write"])
    url = f"paper-batches/{one.batch_id}/forms/"

    made = api.post(url, {"form": one.serial, "answers": {"overall": 4, "solved": "yes"}})
    again = api.post(url, {"form": one.serial, "answers": {"overall": 4}})
    wrong = api.post(url, {"form": one.serial + 1, "answers": {"overall": 9}})

    assert made.json()["state"] == "done"
    assert again.json()["code"] == "form_is_entered"
    assert "f.overall" not in wrong.json()["errors"]
    assert wrong.status_code == 400
    listed = api.get("paper-batches/").json()["results"][0]
    assert (listed["forms"], listed["entered"]) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_form_entered_by_many_at_once_counts_once():
    one = batch(count=1).forms.get()
    people = iter([member(Role.AGENT) for _ in range(4)])

    def work():
        try:
            return enter(one, next(people)).state
        except FormIsEntered:
            return "refused"

    assert sorted(in_parallel(work, 4)) == ["done", "refused", "refused", "refused"]
    assert Response.objects.count() == 1


def test_the_page_takes_as_many_queries_for_five_as_for_one(agent):
    survey = make_survey()
    staff, other = client_of(agent), member(Role.AGENT)

    def queries_with(more):
        for _ in range(more):
            for form in batch(survey, count=2, twice=100).forms.all():
                enter(form, other)
        staff.get(f"/surveys/{survey.slug}/paper/")  # what is asked once in a while is known
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(f"/surveys/{survey.slug}/paper/").content.decode()
        return page.count("?form="), len(queries)

    (two, few), (ten, many) = queries_with(1), queries_with(4)
    assert (two, ten) == (2, 10)
    assert few == many <= 15


def test_a_number_of_another_version_shows_its_questions_before_anything_is_saved(agent):
    old = batch(count=1)
    draft = save_draft(old.survey_id, definition=with_condition())
    publish_version(draft.pk)
    new, staff = batch(old.survey, count=1), client_of(agent)
    url = f"/surveys/{old.survey.slug}/paper/enter/"
    typed = {f"f.{name}": value for name, value in ANSWERS.items()} | {"language": "zh-hans"}
    sent = typed | {"serial": old.forms.get().number, "batch": new.pk, "key": "a" * 16}

    page = staff.post(url, sent)

    assert page.status_code == 422
    assert "asks the questions of another version" in page.content.decode()
    assert "很好" in page.content.decode()
    assert not Response.objects.exists()
    assert staff.post(url, sent | {"batch": old.pk}).status_code == 302
    assert Response.objects.get().version == old.version
