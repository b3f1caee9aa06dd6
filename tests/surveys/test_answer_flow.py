"""Several pages of a survey, one after the other, as a browser without a script meets them."""

import gzip
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.services.privacy_keepers import Person
from feedback.models import Upload
from surveys.demo.all_kinds import ALL_KINDS
from surveys.enums import (
    CollectorChannel,
    DuplicatePolicy,
    InvitationState,
    ResponseStatus,
    RewardKind,
)
from surveys.models import Collector, Invitation, PhoneCall, QuotaCount, Response, RewardGrant
from surveys.services.answering import submit_response
from surveys.services.archiving import close_survey
from surveys.services.customer_privacy import SURVEYS
from surveys.services.drafting import give_up_old_drafts
from surveys.services.forgetting import forget_who_answered
from surveys.services.publishing import publish_version, save_draft
from surveys.views.answer_ways import Way
from tests.factories import FeedbackFactory
from tests.factories.surveys import make_survey, open_link, sent
from tests.support.tables import everything_stored
from tests.surveys.test_rewards import make_reward

pytestmark = pytest.mark.django_db


def texts(words):
    return {"zh-hans": words, "en": words}


def choices(*codes):
    return [{"code": code, "text": texts(code.title())} for code in codes]


def ask(code, kind="short_text", **more):
    return {"code": code, "type": kind, "text": texts(f"About {code}?"), **more}


def pages(**changes):
    """Who you are, a page for owners only, and what you think."""
    raw = {
        "schema": 1,
        "languages": ["zh-hans", "en"],
        "texts": {"thanks": texts("Thanks, {name|friend}!")},
        "pages": [
            {
                "code": "you",
                "elements": [
                    ask("name"),
                    ask("has", "single_choice", choices=choices("yes", "no"), required=True),
                    ask("why", "long_text", when="{has} = 'no'", required=True),
                ],
                "jumps": [{"to": "end:out", "when": "{name} = 'nobody'"}],
            },
            {
                "code": "owners",
                "when": "{has} = 'yes'",
                "elements": [
                    ask("score", "scale", required=True),
                    ask("uses", "multiple_choice", choices=choices("tea", "soup")),
                ],
            },
            {"code": "last", "elements": [ask("word", "short_text", text=texts("{name}, last?"))]},
        ],
        "ends": [{"code": "out", "outcome": "screened_out", "text": texts("Not this time.")}],
    }
    return raw | changes


def brands():
    """Who is known decides about whom is asked, on one page."""

    def of_known(*codes):
        return [one | {"when": f"{{brands}} contains '{one['code']}'"} for one in choices(*codes)]

    one, two = (
        [
            ask("brands", "multiple_choice", choices=choices("a", "b", "c")),
            ask("best", "dropdown", choices=of_known("a", "b", "c"), required=True),
            ask("rate", "likert", rows=of_known("a", "b"), columns=choices("1", "5")),
            ask("order", "ranking", choices=of_known("a", "b", "c")),
        ],
        [ask("word")],
    )
    both = [{"code": "one", "elements": one}, {"code": "two", "elements": two}]
    return pages(pages=both, ends=[], texts={})


@pytest.fixture
def link():
    return open_link(make_survey(pages()))


@pytest.fixture
def invitation():
    """A personal link to the survey in several pages."""
    one = sent()
    draft = save_draft(one.collector.survey_id, definition=pages())
    publish_version(draft.pk)
    return one


def url_of(collector):
    return f"/a/c/{collector.token}/"


def resume_url(query=""):
    """Where the one draft goes on."""
    draft = Response.objects.get()
    return Way(draft.collector).url_of(draft) + query


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def send(client, page, url=None, go="next", follow=True, **answers):
    """Press a button on a page."""
    data = {name: field(page, name) for name in ("stamp", "page", "asks", "language")}
    action = re.search(r'method="post" action="([^"]+)"[^>]*(?:novalidate)', page.content.decode())
    data |= {"go": go, **answers}
    return client.post(url or action[1], data, follow=follow)


def begin(client, link, **answers):
    return send(client, client.get(url_of(link)), **({"name": "Li", "has": "yes"} | answers))


def test_pages_come_one_after_the_other_and_the_last_hands_in(client, link):
    second = begin(client, link)
    assert field(second, "page") == "owners"
    draft = Response.objects.get()
    assert (draft.status, draft.typed) == ("draft", {"name": "Li", "has": "yes"})
    assert not Response.objects.complete().exists()

    third = send(client, second, score="4", uses=["tea", "soup"])
    assert "Li, last?" in third.content.decode()
    thanks = send(client, third, word="good")

    assert "Thanks, Li!" in thanks.content.decode()
    stored = Response.objects.complete().get()
    assert (stored.pk, stored.typed) == (draft.pk, None)
    assert stored.answers.count() == 6
    assert stored.shown == ["name", "has", "score", "uses", "word"]


def test_a_page_on_which_nothing_is_asked_is_passed_over(client, link):
    again = begin(client, link, has="no")
    assert "leads to another question" in again.content.decode()
    assert field(send(client, again, has="no", name="Li", why="no money"), "page") == "last"


def test_back_checks_nothing_and_loses_nothing_and_progress_stays(client, link):
    third = send(client, begin(client, link), score="4", uses=["tea"])
    second = send(client, third, go="back", word="half a wo")
    page = second.content.decode()
    assert field(second, "page") == "owners"
    assert re.search(r'id="q-uses-tea"[^>]*checked', page)
    assert re.search(r"<progress[^>]*value=\"67\"", page)

    third = send(client, second, score="5")
    assert "half a wo" in third.content.decode()
    send(client, third, word="")

    stored = Response.objects.complete().get()
    assert not stored.answers.filter(question__code="uses").exists()
    assert stored.answers.get(question__code="score").number == 5


def test_faults_stand_on_their_page_and_what_was_typed_is_kept(client, link):
    page = begin(client, link, has="", name="Someone long")
    assert page.status_code == 422
    assert 'href="#q-has-yes"' in page.content.decode()
    assert "Someone long" in page.content.decode()
    assert Response.objects.get().typed["name"] == "Someone long"


def test_the_answers_go_on_by_a_link_that_only_their_owner_has(client, link):
    kept = send(client, begin(client, link), go="later", score="3")
    resume = re.search(r'resume-link" value="[^"]*(/a/r/[^"]+)"', kept.content.decode())[1]

    elsewhere = Client()
    page = elsewhere.get(resume)
    assert field(page, "page") == "owners"
    assert re.search(r'id="q-score-3"[^>]*checked', page.content.decode())
    assert client.get(resume.replace(resume[5:13], "00000000")).status_code == 404

    send(elsewhere, send(elsewhere, page, score="3"), word="done")
    assert "/thanks/" in Client().get(resume).url


def test_a_personal_link_finds_what_was_begun(client, invitation):
    url = f"/a/{invitation.token}/"
    send(client, client.get(url), name="Wang", has="yes")
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.STARTED

    page = Client().get(url)

    assert field(page, "page") == "owners"
    send(client, send(client, page, score="2"), word="end")
    assert Response.objects.get().status == ResponseStatus.COMPLETE
    assert client.get(url).status_code == 410


def test_the_key_that_staff_and_programs_see_opens_neither_the_draft_nor_the_thanks(client, link):
    begin(client, link)
    draft = Response.objects.get()
    way = Way(link)
    thanks = way.thanks_url(draft)
    mac = thanks.rstrip("/")[-20:]

    assert client.get(way.url_of(draft)).status_code == 200
    for url in (f"/a/r/{draft.key}/", f"/a/r/{draft.key}-{mac}/", f"/a/r/{draft.key}-x/"):
        assert client.get(url).status_code == 404, url

    send(client, send(client, client.get(way.url_of(draft)), score="4"), word="x")
    assert client.get(thanks).status_code == 200
    assert client.get(thanks.replace(f"-{mac}", "")).status_code == 404
    assert client.get(thanks.replace(mac, "0" * 20)).status_code == 404


@pytest.mark.parametrize("query", ["", "?p=you", "?kept=1", "?p=last&lang=en"])
def test_looking_at_what_was_begun_changes_nothing(client, link, query):
    begin(client, link)
    before = everything_stored()
    client.get(resume_url(query))
    assert everything_stored() == before


def test_nobody_jumps_ahead_by_the_address(client, link):
    begin(client, link)
    page = client.get(resume_url("?p=last"))
    assert field(page, "page") == "owners"


def test_the_version_that_was_begun_is_finished(client, link):
    second = begin(client, link)
    changed = pages()
    changed["pages"][2]["elements"].append(ask("more", required=True))
    publish_version(save_draft(link.survey_id, definition=changed).pk)

    send(client, send(client, second, score="4"), word="x")

    assert Response.objects.complete().get().version.number == 1


def test_a_survey_that_closed_meanwhile_gives_back_what_was_typed(client, link):
    second = begin(client, link, name="Whoever waited so long")
    close_survey(link.survey_id)
    page = send(client, second, score="4", word="not on this page at all")
    assert page.status_code == 410
    assert "Whoever waited so long" in page.content.decode()


def test_the_first_page_sent_twice_begins_one_draft(client, link):
    first = client.get(url_of(link))
    pages_after = [send(client, first, name="Li", has="yes") for _ in range(2)]
    assert Response.objects.count() == 1
    assert [field(page, "page") for page in pages_after] == ["owners", "owners"]


def test_two_tabs_keep_each_others_pages(client, link):
    second = begin(client, link)
    first = client.get(resume_url("?p=you"))
    third = send(client, second, score="4")
    send(client, first, name="Zhao", has="yes")
    send(client, third, word="x")
    stored = Response.objects.complete().get()
    assert stored.answers.get(question__code="score").number == 4
    assert stored.answers.get(question__code="name").text == "Zhao"


@pytest.mark.django_db(transaction=True)
def test_fifty_presses_at_once_are_one_response_and_one_reward():
    survey = make_survey(pages())
    make_reward(survey=survey, codes=["A", "B"])
    link = open_link(survey)
    third = send(Client(), begin(Client(), link), score="4")
    answers, gate = [], threading.Barrier(10)

    def press():
        try:
            gate.wait()
            answers.extend(
                send(Client(), third, word="x", follow=False).status_code for _ in range(5)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert answers == [302] * 50
    assert Response.objects.get().status == ResponseStatus.COMPLETE
    assert RewardGrant.objects.count() == 1


def test_who_is_not_meant_is_told_kindly_and_counted_apart(client, link):
    page = begin(client, link, name="nobody", has="yes")
    assert "Not this time." in page.content.decode()
    assert Response.objects.get().status == ResponseStatus.SCREENED_OUT
    assert not Response.objects.complete().exists()


def test_who_comes_after_a_quota_is_full_is_shown_its_end(client):
    quota = {"code": "owners", "when": "{has} = 'yes'", "limit": 1, "end": "full"}
    ends = [{"code": "full", "text": texts("Enough."), "url": "https://evil.example/"}]
    link = open_link(make_survey(pages(quotas=[quota], ends=ends + pages()["ends"])))
    thanks = [
        send(client, send(client, begin(client, link), score="4"), word="x") for _ in range(2)
    ]
    assert "Enough." in thanks[1].content.decode()
    assert "evil.example" not in thanks[1].content.decode()
    assert sorted(Response.objects.values_list("status", flat=True)) == ["complete", "quota_full"]
    assert QuotaCount.objects.get().taken == 1


def test_an_end_leads_on_to_known_hosts_only_and_not_while_there_is_a_code_to_note(
    client, settings
):
    url = f"{settings.SITE_URL}/elsewhere/"
    end = {"code": "on", "when": "{has} = 'no'", "url": url}
    page = {"code": "one", "elements": [ask("has", "single_choice", choices=choices("yes", "no"))]}
    survey = make_survey(pages(pages=[page], ends=[end], texts={}))
    link = open_link(survey)

    def thanks():
        return send(client, client.get(url_of(link)), has="no").content.decode()

    assert f'data-onward="{url}"' in thanks()
    settings.SITE_URL = "https://ours.example"
    assert url not in thanks()
    settings.ANSWER_REDIRECT_HOSTS = [url.split("/")[2]]
    make_reward(survey=survey, codes=["NOTE-ME"])
    page = thanks()
    assert f'href="{url}"' in page
    assert "data-onward" not in page


def test_what_was_left_becomes_a_response_in_part_and_can_still_go_on(client, link):
    begin(client, link)
    Response.objects.update(last_seen_at=timezone.now() - timedelta(days=15))

    assert give_up_old_drafts() == 1

    part = Response.objects.get()
    assert (part.status, part.typed) == (ResponseStatus.PARTIAL, None)
    assert (part.shown, part.answers.count()) == (["name", "has"], 2)
    page = client.get(resume_url())
    send(client, send(client, page, score="1"), word="late")
    assert Response.objects.complete().get().answers.count() == 4


def test_a_file_waits_as_long_as_the_draft_that_names_it(client):
    raw = pages()
    raw["pages"][0]["elements"].append(ask("photo", "file"))
    link = open_link(make_survey(raw))
    picture = SimpleUploadedFile("tap.png", b"bytes", "image/png")
    send(client, client.get(url_of(link)), name="Li", has="yes", **{"photo.file": picture})
    assert Response.objects.get().typed["photo"] == Upload.objects.get().key.hex

    waits = timezone.now() + timedelta(days=settings.DRAFT_DAYS)
    assert not Upload.objects.unclaimed_since(waits).exists()
    assert Upload.objects.unclaimed_since(waits + timedelta(days=2)).exists()
    page = client.get(resume_url("?p=you"))
    assert send(client, page, name="Li", has="yes", photo="no key at all").status_code == 422


def test_what_an_erased_customer_had_begun_is_forgotten(client, invitation):
    send(client, client.get(f"/a/{invitation.token}/"), name="Wang", has="yes")
    customer = invitation.customer
    person = Person([customer.pk], [], redact=str, names_them=lambda text: False)
    SURVEYS.forget(person)
    assert not Response.objects.exists()


def test_questions_that_depend_on_the_same_page_come_with_their_conditions_as_data(client, link):
    page = client.get(url_of(link)).content.decode()
    data = re.search(r'<script id="flow" type="application/json">(.+?)</script>', page)[1]
    assert '["=", ["var", "has"], "no"]' in data
    assert re.search(r'data-q="why"[^>]* hidden', page)
    assert 'id="flow"' not in begin(client, link).content.decode()


def test_without_a_script_choices_that_an_answer_brings_come_with_the_next_press(client):
    link = open_link(make_survey(brands()))
    first = client.get(url_of(link))
    assert re.search(r'data-q="best"[^>]* hidden', first.content.decode())
    second = send(client, first, brands=["a", "b"])
    page = second.content.decode()
    assert "leads to another question" in page
    assert re.search(r'<option value="b"[^>]*data-c="b">', page)
    assert re.search(r'<option value="c"[^>]*data-c="c" hidden disabled>', page)
    assert re.search(r'<tr role="row" data-r="a">', page)
    assert '<li data-c="c" hidden>' in page
    third = send(client, second, brands=["a", "b"], best="b", **{"rate.a": "5"})
    assert field(third, "page") == "two"
    assert Response.objects.get().typed["best"] == "b"


def test_a_kiosk_goes_back_to_the_start_and_shows_nothing_of_the_one_before(client, link):
    Collector.objects.update(channel=CollectorChannel.KIOSK)
    second = begin(client, link)
    assert 'value="later"' not in second.content.decode()
    thanks = send(client, send(client, second, score="4"), word="my secret").content.decode()
    assert f'http-equiv="refresh" content="15; url={url_of(link)}"' in thanks
    assert "my secret" not in thanks


def test_no_page_weighs_more_than_50_kb_whatever_kinds_of_questions_are_on_it(client, link):
    """The page as it is, its files gzipped as WhiteNoise sends them, and what those import."""
    kinds = open_link(make_survey(ALL_KINDS))
    second = send(client, client.get(url_of(kinds)), place="kitchen")
    found = [client.get(url_of(link)), client.get(url_of(kinds)), second, send(client, second)]
    for page in found:
        html = page.content.decode()
        loaded = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
        loaded |= {"js/logic.js"} if "js/flow.js" in loaded else set()
        files = [Path(finders.find(name)).read_bytes() for name in loaded]
        weight = len(page.content) + sum(len(gzip.compress(one)) for one in files)
        assert weight < 50_000, (weight, sorted(loaded))
        assert not re.findall(r'(?:href|src)="(?:https?:)?//', html)
    assert [field(page, "page") for page in found] == ["you", "use", "like", "next"]


def test_a_page_and_handing_in_cost_few_statements(client, django_assert_max_num_queries):
    twenty = [ask(f"q{n}", "scale", required=True) for n in range(20)]
    raw = pages(
        pages=[{"code": "a", "elements": twenty[:10]}, {"code": "b", "elements": twenty[10:]}]
    )
    link = open_link(make_survey(raw | {"ends": [], "texts": {}}))
    first = client.get(url_of(link))
    with django_assert_max_num_queries(14):
        moved = send(client, first, follow=False, **{f"q{n}": "4" for n in range(10)})
    with django_assert_max_num_queries(5):
        second = client.get(moved.url)
    with django_assert_max_num_queries(13):
        send(client, second, follow=False, **{f"q{n}": "4" for n in range(10, 20)})
    assert Response.objects.complete().get().answers.count() == 20
    assert Invitation.objects.count() == 0


def test_the_thanks_show_what_everybody_answered_where_it_is_allowed_and_enough_did(client):
    has = ask("has", "single_choice", choices=choices("yes", "no"), required=True, shared=True)
    score = ask("score", "scale")
    raw = pages(pages=[{"code": "one", "elements": [has, score]}], ends=[], texts={})
    link = open_link(make_survey(raw))
    for at in range(8):
        answers = {"has": "yes" if at < 7 else "no", "score": 4}
        submit_response(link.pk, answers=answers, language="en", idempotency_key=f"one {at}")

    def thanks():
        return send(client, client.get(url_of(link)), has="no", score="2").content.decode()

    assert "What everybody answered" not in thanks()  # nine could still be told apart
    cache.clear()
    page = re.sub(r"<[^>]+>|\s+", " ", thanks())
    assert re.search(r"Yes +70% +No +\(your answer\) +30% +10 people answered", page)
    assert page.count("people answered") == 1  # not of the score, which nobody allowed
    cache.clear()
    again = re.sub(r"<[^>]+>|\s+", " ", thanks())  # the eleventh waits for four more
    assert re.search(r"Yes +70% +No +\(your answer\) +30% +10 people answered", again)


def test_only_the_sites_that_a_collector_names_may_show_its_pages(client, link):
    shut = "frame-ancestors 'none'"
    page = client.get(url_of(link))
    assert shut in page["Content-Security-Policy"]
    Collector.objects.update(channel=CollectorChannel.EMBED, sites="https://shop.example")

    begun = begin(client, link)

    for shown in (client.get(url_of(link)), begun):
        assert "frame-ancestors https://shop.example" in shown["Content-Security-Policy"]
        assert "X-Frame-Options" not in shown
        assert 'data-sites="https://shop.example"' in shown.content.decode()
    Collector.objects.update(channel=CollectorChannel.LINK)
    assert shut in client.get(url_of(link))["Content-Security-Policy"]


def test_once_a_browser_holds_in_a_page_of_another_site_as_well(client):
    one = {"code": "one", "elements": [ask("score", "scale")]}
    link = open_link(
        make_survey(pages(pages=[one], ends=[], texts={})),
        channel=CollectorChannel.EMBED,
        sites="https://shop.example",
        duplicates=DuplicatePolicy.COOKIE,
    )
    page = client.get(url_of(link), secure=True)
    data = {name: field(page, name) for name in ("stamp", "page", "asks", "language")}
    sent = client.post(url_of(link), data | {"score": "4"}, secure=True)
    cookie = sent.cookies[Way(link).cookie]
    assert (cookie["samesite"], cookie["secure"]) == ("None", True)
    assert client.get(url_of(link), secure=True).status_code == 410


def test_the_script_for_other_sites_is_small_and_stays_under_its_address(client):
    answer = client.get("/a/embed.js")
    assert answer.status_code == 302
    assert "/js/embed" in answer.url
    assert Path(finders.find("js/embed.js")).stat().st_size < 3500


def test_what_was_given_up_keeps_its_file_when_somebody_goes_on(client):
    raw = pages()
    raw["pages"][0]["elements"].append(ask("photo", "file"))
    link = open_link(make_survey(raw))
    picture = SimpleUploadedFile("tap.png", b"bytes", "image/png")
    send(client, client.get(url_of(link)), name="Li", has="yes", **{"photo.file": picture})
    later = timezone.now() - timedelta(days=settings.DRAFT_DAYS, minutes=1)
    Response.objects.update(last_seen_at=later)
    give_up_old_drafts()
    part = Response.objects.get()
    assert part.answers.get(question__code="photo").text == "tap.png"

    page = client.get(resume_url("?p=you"))
    assert "tap.png" in page.content.decode()
    second = send(client, page, name="Li", has="yes", photo=field(page, "photo"))
    send(client, send(client, second, score="4"), word="x")
    stored = Response.objects.complete().get()
    given = stored.answers.get(question__code="photo")
    assert given.text == "tap.png"
    assert default_storage.exists(given.file)
    assert not Upload.objects.exists()


def test_an_anonymised_record_leaves_no_file_and_nobody_to_whom_its_answers_lead(
    client, django_capture_on_commit_callbacks
):
    raw = pages()
    raw["pages"][0]["elements"].append(ask("photo", "file"))
    link = open_link(make_survey(raw))
    feedback = FeedbackFactory()

    def begin_with(name):
        """A response about the record that was begun with a file."""
        client.cookies.clear()
        picture = SimpleUploadedFile(name, b"bytes", "image/png")
        send(client, client.get(url_of(link)), name="Li", has="yes", **{"photo.file": picture})
        return Response.objects.latest("pk")

    part = begin_with("part.png")
    Response.objects.update(last_seen_at=timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1))
    give_up_old_drafts()
    begin_with("draft.png")
    Response.objects.update(feedback=feedback, customer=feedback.customer)
    reward = make_reward(RewardKind.POINTS, survey=link.survey, points=5)
    grant = RewardGrant.objects.create(
        reward=reward, response=part, customer=feedback.customer, points=5
    )
    call = PhoneCall.objects.create(
        survey=link.survey, response=part, customer=feedback.customer, language="en", note="x"
    )
    files = [str(one.file.name) for one in Upload.objects.all()]
    assert len(files) == 2

    with django_capture_on_commit_callbacks(execute=True):
        forget_who_answered(feedback.pk)

    assert [name for name in files if default_storage.exists(name)] == []
    assert not Upload.objects.exists()
    assert Response.objects.get().answers.get(question__code="photo").file == ""
    grant.refresh_from_db()
    call.refresh_from_db()
    assert (grant.customer, call.customer, call.note) == (None, None, "")
