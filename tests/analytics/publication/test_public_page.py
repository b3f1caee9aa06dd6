"""The public page: nobody is signed in, everything that comes in is hostile."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import ContactKind
from accounts.services.customers import find_or_create_customer
from analytics.enums import CommentState
from analytics.forms.published import new_stamp
from analytics.models import PublicationComment, PublicationVote, PublicPage
from analytics.services.publication_comments import decide_comment
from config.kernel.ratelimit import RateCount
from feedback.models import Feedback

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(published, open_page):
    return published(kind="plan", result_en="")


@pytest.fixture
def stamp(time_machine):
    """Of a page that was opened a minute ago."""
    time_machine.move_to("2026-09-01T09:00:00Z")
    made = new_stamp()
    time_machine.move_to("2026-09-01T09:01:00Z")
    return made


def vote(plan, client=None, do="vote", **headers):
    address = reverse("analytics:vote_on", args=["en", plan.pk])
    return (client or Client()).post(address, {"do": do}, **headers)


def test_it_is_closed_until_somebody_opens_it(client, published):
    one = published()

    for name in ("published_page", "published_feed", "published_json", "published_embed"):
        assert client.get(reverse(f"analytics:{name}", args=["en"])).status_code == 404
    assert client.get(one.public_path("en")).status_code == 404
    assert client.get(reverse("analytics:published")).status_code == 404


def test_an_empty_page_is_friendly_and_other_quarters_are_too(client, open_page):
    page = client.get(reverse("analytics:published_page", args=["zh"]))

    assert page.status_code == 200
    assert page["Content-Language"] == "zh-hans"
    quarter = reverse("analytics:published_quarter", args=["en", 2031, 2])
    assert client.get(quarter).status_code == 200
    assert client.get(f"/you-said/en/{2031}/9/").status_code == 404
    assert client.get("/you-said/fr/").status_code == 404


def test_caches_may_keep_it_and_ask_each_time(client, published, open_page):
    published()
    address = reverse("analytics:published_page", args=["en"])
    page = client.get(address)

    assert page["Cache-Control"] == "public, no-cache"
    assert not page.cookies
    again = client.get(address, headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304
    own = client.get(reverse("analytics:published_item", args=["en", 1]))
    assert "no-store" in own["Cache-Control"]


def test_it_stands_in_frames_of_named_sites_only(client, open_page):
    address = reverse("analytics:published_embed", args=["en"])
    assert client.get(address)["X-Frame-Options"] == "DENY"

    PublicPage.objects.update(sites="https://shop.example.com\nnonsense; script-src *")

    framed = client.get(address)
    assert "frame-ancestors https://shop.example.com" in framed["Content-Security-Policy"]
    assert "nonsense" not in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    page = client.get(reverse("analytics:published_page", args=["en"]))
    assert page["X-Frame-Options"] == "DENY"


def test_words_are_never_markup(client, published, open_page):
    published(title_en="<script>alert(1)</script>", said_en="<b>bold</b>")

    for name in ("published_page", "published_embed", "published_feed"):
        words = client.get(reverse(f"analytics:{name}", args=["en"])).content.decode()
        assert "<script>alert" not in words
        assert "<b>bold" not in words


def test_a_browser_votes_once_and_can_take_it_back(plan):
    visitor = Client()

    vote(plan, visitor)
    vote(plan, visitor)
    assert PublicationVote.objects.count() == 1
    assert "You are for it." in visitor.get(plan.public_path("en")).content.decode()

    vote(plan, visitor, do="back")
    assert not PublicationVote.objects.exists()


def test_throwing_the_cookie_away_does_not_help_for_long(plan):
    answers = [vote(plan).status_code for _at in range(7)]

    assert answers == [302] * 5 + [429] * 2
    assert PublicationVote.objects.count() == 5


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "http://["},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ],
)
def test_another_site_votes_for_nobody(plan, headers):
    assert vote(plan, **headers).status_code == 403
    assert not PublicationVote.objects.exists()


def test_only_plans_are_voted_on_and_only_while_it_is_open(plan, published):
    done = published()
    assert vote(done).status_code == 404

    PublicPage.objects.update(takes_votes=False)
    assert vote(plan).status_code == 404
    assert not PublicationVote.objects.exists()


def comment(client, plan, stamp, **more):
    address = reverse("analytics:comment_on", args=["en", plan.pk])
    return client.post(address, {"text": "Call me: 13812345678", "stamp": stamp, **more})


def test_a_comment_waits_is_shown_without_numbers_and_is_a_record(client, lead, plan, stamp):
    comment(client, plan, stamp, address="Linda@Example.org")
    comment(client, plan, stamp, address="linda@example.org")  # an impatient hand

    one = PublicationComment.objects.get()
    record = Feedback.objects.get(pk=one.feedback_id)
    assert record.customer.contact_points.get(kind=ContactKind.EMAIL).value == "linda@example.org"
    assert one.text == "Call me: 13812345678"
    assert "Call me" not in client.get(plan.public_path("en")).content.decode()

    decide_comment(one.pk, by=lead, show=True)

    page = client.get(plan.public_path("en")).content.decode()
    comments = page.split('id="comments"')[1].split("<form")[0]  # a stamp may hold any digits
    assert "Call me" in comments
    assert "138" not in comments
    assert "linda" not in page.lower()


def test_a_name_that_a_customer_signs_with_is_taken_out(client, lead, lead_client, plan, stamp):
    known = find_or_create_customer(kind=ContactKind.EMAIL, value="linda@example.org")
    known.name = "Philippa Ashdown"
    known.save()
    text = "Ashdown is for it"
    comment(client, plan, stamp, address="linda@example.org", text=text)
    one = PublicationComment.objects.get()

    waiting = lead_client.get(reverse("analytics:publication_comments")).content.decode()
    decide_comment(one.pk, by=lead, show=True)

    assert "is for it" in waiting
    assert "Ashdown" not in waiting
    page = client.get(plan.public_path("en")).content.decode()
    assert "is for it" in page
    assert "Ashdown" not in page


def test_programs_are_sent_away_kindly(client, plan, stamp):
    assert comment(client, plan, stamp, website="https://buy.example").status_code == 302
    assert comment(client, plan, "forged").status_code == 422
    assert not PublicationComment.objects.exists()


def test_comments_are_limited_by_visitor(plan, stamp):
    RateCount.objects.all().delete()
    address = reverse("analytics:comment_on", args=["en", plan.pk])
    answers = []
    for at in range(11):
        made = new_stamp_of(stamp, at)
        answers.append(Client().post(address, {"text": f"No {at}", "stamp": made}).status_code)

    assert answers == [302] * 10 + [429]
    assert PublicationComment.objects.filter(state=CommentState.WAITING).count() == 10


def new_stamp_of(stamp, at):
    from django.core import signing

    from analytics.forms.published import SALT

    said = signing.loads(stamp, salt=SALT)
    return signing.dumps({**said, "nonce": f"{said['nonce']}{at}"}, salt=SALT)
