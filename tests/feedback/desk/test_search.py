"""Searching records and customers: what is found, by whom, in which order, at what cost."""

import html
import random
import re
from datetime import timedelta

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.models import ContactPoint
from config.kernel.search.queries import understand
from config.kernel.search.tokens import month_token
from feedback.enums import Direction
from feedback.models import Attachment, Feedback, Message, SearchEntry, StaleEntry
from feedback.services import search_index
from feedback.services.search_check import note_entries_without_month
from feedback.services.search_index import ask_for_rebuild, index_what_changed
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db
SEARCH = reverse("feedback:search")
LETTERS = "退款快递太慢的了客服滤芯渗油安装师傅没来一直换我要"


def says(feedback, text, direction=Direction.IN, **more):
    return Message.objects.create(
        feedback=feedback, direction=direction, channel=feedback.channel, text=text, **more
    )


def found(typed):
    index_what_changed()
    entries = SearchEntry.objects.matching(understand(typed))
    return set(entries.values_list("pk", flat=True))


def page_of(client, typed, **more):
    index_what_changed()
    return client.get(SEARCH, {"q": typed, **more}).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "渗油",
            "滤芯渗油",
            "濾芯渗油",
            "渗",
            "LEAK",
            "leaking pump",
            "ｌｅａｋ",
            '"leaking pump"',
        ),
        *(
            "A-2024-5571",
            "5571",
            "2024",
            "黄小明",
            "小明",
            "5678",
            "138123",
            "han.mei",
            "mei@shop",
        ),
        *("shop.example", "回电话", "invoice", "发票", "天津路", "阿尔法", "USB线", "B线"),
    ],
)
def test_a_record_is_found_by_everything_it_holds(typed):
    customer = CustomerFactory(name="黄小明")
    ContactPoint.objects.create(customer=customer, kind=ContactKind.PHONE, value="+8613812345678")
    ContactPoint.objects.create(
        customer=customer, kind=ContactKind.EMAIL, value="han.mei@shop.example"
    )
    feedback = FeedbackFactory(
        customer=customer,
        subject="滤芯渗油 leaking pump",
        order_number="A-2024-5571",
        place="天津路 12 号",
    )
    FeedbackFactory.create_batch(3, subject="Nothing")
    message = says(feedback, "换了ＵＳＢ线，还是阿尔法那一款")
    says(feedback, "下午回电话", Direction.NOTE)
    Attachment.objects.create(message=message, name="invoice 发票.pdf", size=1, sha256="0" * 64)

    assert found(typed) == {feedback.pk}


@pytest.mark.parametrize(
    "typed",
    ["渗油 快递", "渗油 -滤芯", '"pump leaking"', '"油渗"', "芯油", "eaking", "-渗油 -x", "!!!"],
)
def test_a_record_is_not_found_by_what_it_does_not_hold(typed):
    FeedbackFactory(subject="滤芯渗油 leaking pump")

    assert found(typed) == set()


def test_our_own_acknowledgement_is_not_what_a_record_is_about():
    feedback = FeedbackFactory(subject="滤芯")
    says(feedback, "我们已经收到", Direction.OUT, is_automatic=True)
    says(feedback, "不在办公室", Direction.IN, is_automatic=True)

    assert found("已经收到") == set()
    assert found("办公室") == {feedback.pk}


def test_nothing_is_missed_that_like_finds():
    dice = random.Random(12)
    records = FeedbackFactory.create_batch(30)
    texts = {}
    for one in records:
        mixed = LETTERS + "0123456789，。 "
        texts[one.pk] = "".join(dice.choices(mixed, k=dice.randrange(2, 200)))
        says(one, texts[one.pk])
    index_what_changed()

    for _ in range(200):
        text = texts[dice.choice(records).pk]
        at = dice.randrange(len(text) - 1)
        piece = text[at : at + 2]
        if not piece.isalnum():
            continue
        like = set(
            Message.objects.filter(text__contains=piece).values_list("feedback_id", flat=True)
        )
        entries = SearchEntry.objects.matching(understand(piece))
        assert like <= set(entries.values_list("pk", flat=True)), piece


def test_longer_pieces_are_found_exactly():
    dice = random.Random(13)
    records = FeedbackFactory.create_batch(20, subject="x")
    texts = {one.pk: "".join(dice.choices(LETTERS[:6], k=60)) for one in records}
    for one in records:
        says(one, texts[one.pk])
    index_what_changed()

    for _ in range(60):
        text = texts[dice.choice(records).pk]
        at, length = dice.randrange(50), dice.randrange(3, 8)
        piece = text[at : at + length]
        expected = {pk for pk, held in texts.items() if piece in held}
        entries = SearchEntry.objects.matching(understand(piece))
        assert set(entries.values_list("pk", flat=True)) == expected


def test_a_change_is_noted_in_its_own_transaction_by_whatever_made_it():
    feedback = FeedbackFactory(subject="old 旧的")
    index_what_changed()
    assert not StaleEntry.objects.exists()

    Feedback.objects.filter(pk=feedback.pk).update(subject="new 新的")
    feedback.customer.name = "李雷"
    feedback.customer.save()

    assert StaleEntry.objects.count() == 2
    assert found("旧的") == set()
    assert found("新的") == found("李雷") == {feedback.pk}


def test_what_is_not_searched_leaves_no_note():
    feedback = FeedbackFactory()
    index_what_changed()

    feedback.version += 1
    feedback.save()

    assert not StaleEntry.objects.exists()


def test_who_was_erased_is_not_found():
    feedback = FeedbackFactory(customer__name="李雷雷")
    index_what_changed()
    customer = feedback.customer

    customer.name, customer.erased_at = "", timezone.now()
    customer.save()
    assert found("李雷雷") == set()


def test_what_was_deleted_is_gone_from_the_search_at_once():
    feedback = FeedbackFactory()
    index_what_changed()

    with pgtrigger.ignore("feedback.TimelineEntry:a_timeline_is_append_only"):
        feedback.delete()

    assert not SearchEntry.objects.exists()


def test_a_rebuild_goes_on_where_it_was_interrupted(monkeypatch):
    monkeypatch.setattr(search_index, "BATCH", 2)
    FeedbackFactory.create_batch(7, subject="渗油")
    index_what_changed()
    SearchEntry.objects.all().delete()
    ask_for_rebuild()

    search_index._one_batch()
    index_what_changed(budget=0)
    assert 0 < SearchEntry.objects.count() < 7
    call_command("reindex_search", "--resume", verbosity=0)

    assert len(found("渗油")) == 7
    assert not StaleEntry.objects.exists()


def test_a_very_long_conversation_can_be_indexed():
    dice = random.Random(1)
    feedback = FeedbackFactory(subject="长")
    says(feedback, "".join(chr(dice.randrange(0x4E00, 0x9FA0)) for _ in range(99_000)))
    says(feedback, " ".join(f"{dice.randrange(10**30):x}" for _ in range(5_000)))

    assert found("长") == {feedback.pk}


def test_only_what_one_may_see_is_found(agent_client, team):
    FeedbackFactory(team=team, subject="渗油 ours")
    FeedbackFactory(team=TeamFactory(), subject="渗油 theirs")

    page = page_of(agent_client, "渗油")

    assert "ours" in page
    assert "theirs" not in page
    assert "1–1 of 1" in page


def test_the_filters_of_the_queue_hold_here_too(agent_client, team):
    FeedbackFactory(team=team, subject="渗油 urgent", priority=4)
    FeedbackFactory(team=team, subject="渗油 normal", priority=2)
    FeedbackFactory(team=team, subject="渗油 spam", is_spam=True)

    page = page_of(agent_client, "渗油", priority="4")

    assert "1–1 of 1" in page
    assert "spam" not in page_of(agent_client, "渗油")
    assert f'action="{SEARCH}"' in agent_client.get(f"{SEARCH}filters/?q=渗油").content.decode()
    assert agent_client.get(SEARCH, {"q": "渗油", "nonsense": "1"}).status_code == 400


def test_a_word_in_the_subject_comes_before_a_newer_one_in_a_note(agent_client, team):
    now = timezone.now()
    newest = FeedbackFactory(team=team, subject="b note", received_at=now)
    says(newest, "渗油", Direction.NOTE)
    said = FeedbackFactory(team=team, subject="c said", received_at=now - timedelta(days=5))
    says(said, "渗油")
    titled = FeedbackFactory(
        team=team, subject="a title 渗油", received_at=now - timedelta(days=90)
    )
    ancient = FeedbackFactory(
        team=team, subject="d ancient 渗油", received_at=now - timedelta(days=900)
    )

    best = page_of(agent_client, "渗油")
    newest_first = page_of(agent_client, "渗油", sort="newest")

    def order(page):
        rows = [titled, said, newest, ancient]
        return sorted(rows, key=lambda one: page.index(f'data-row="{one.pk}"'))

    assert order(best) == [titled, said, newest, ancient]
    assert order(newest_first) == [newest, said, titled, ancient]


def test_what_was_found_is_marked_and_nothing_becomes_markup(agent_client, team):
    feedback = FeedbackFactory(team=team, subject="<script>渗油</script>")
    says(feedback, "昨天 <img src=x> 渗油了")

    page = page_of(agent_client, "渗油")

    assert "&lt;script&gt;<mark>渗油</mark>&lt;/script&gt;" in page
    assert "&lt;img src=x&gt; <mark>渗油</mark>了" in page


def test_customers_are_found_by_those_who_may_see_them(agent, agent_client):
    customer = CustomerFactory(name="韩梅梅")

    page = page_of(agent_client, "梅梅")
    assert reverse("feedback:customer", args=[customer.pk]) in page

    agent.groups.first().permissions.filter(codename="view_customer").delete()
    assert "韩梅梅" not in page_of(agent_client, "梅梅")


@pytest.mark.parametrize("typed", ["#{}", "{}"])
def test_a_number_opens_its_record(agent_client, team, typed):
    feedback = FeedbackFactory(team=team)

    response = agent_client.get(SEARCH, {"q": typed.format(feedback.number)})

    assert response.url == feedback.get_absolute_url()


def test_an_empty_search_says_how_to_search(agent_client):
    assert "What are you looking for?" in agent_client.get(SEARCH).content.decode()
    assert "Nothing found for “渗油”" in page_of(agent_client, "渗油")
    assert "Search without filters" in page_of(agent_client, "渗油", priority="4")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_search_costs_the_same_for_any_number_of_hits(
    agent_client, team, rows, django_assert_num_queries
):
    for one in FeedbackFactory.create_batch(rows, team=team, subject="渗油"):
        says(one, "又渗油了")
    page_of(agent_client, "渗油")

    # session, person, permissions, which (of two months, of eight, of all), rows, where it is
    # said, customers
    with django_assert_num_queries(9):
        response = agent_client.get(SEARCH, {"q": "渗油"})

    assert response.content.decode().count("data-row=") == rows


def test_results_are_paged(agent_client, team):
    FeedbackFactory.create_batch(26, team=team, subject="渗油")

    assert "26–26 of 26" in page_of(agent_client, "渗油", page="2")
    assert "26–26 of 26" in page_of(agent_client, "渗油", page="400")


def test_what_is_years_old_stands_behind_what_is_new_and_nothing_is_missed(
    agent_client, team, monkeypatch
):
    now = timezone.now()
    ages = [500, 0, 100, 40, 1]
    records = {
        days: FeedbackFactory(team=team, subject="渗油", received_at=now - timedelta(days=days))
        for days in ages
    }
    monkeypatch.setattr("feedback.selectors.search.PAGE_SIZE", 2)

    def places(**more):
        page = page_of(agent_client, "渗油", **more)
        shown = [days for days in ages if f'data-row="{records[days].pk}"' in page]
        return sorted(shown, key=lambda days: page.index(f'data-row="{records[days].pk}"'))

    by_date = [places(sort="newest", page=page) for page in ("1", "2", "3")]
    assert by_date == [[0, 1], [40, 100], [500]]
    # The two newest are as good as each other, and all there is room for in the ranking.
    monkeypatch.setattr("feedback.selectors.search.RANKED", 2)
    assert places() == [0, 1]
    assert places(page="3") == [500]


def test_many_are_counted_when_the_page_is_there(agent_client, team, monkeypatch):
    monkeypatch.setattr("feedback.selectors.search.RANKED", 2)
    monkeypatch.setattr("feedback.views.search.RANKED", 2)
    monkeypatch.setattr("feedback.selectors.search.PAGE_SIZE", 2)
    FeedbackFactory.create_batch(3, team=team, subject="渗油")
    FeedbackFactory(subject="渗油", team=TeamFactory())

    page = page_of(agent_client, "渗油")

    (url,) = re.findall(r'hx-get="([^"]*search/count[^"]*)" hx-trigger="load">2\+<', page)
    assert agent_client.get(html.unescape(url)).content == b"3"
    assert "3–3 of 3" in page_of(agent_client, "渗油", page="2")


def test_a_number_comes_first_however_many_newer_ones_hold_it_and_none_is_shown_twice(
    agent_client, team, monkeypatch
):
    monkeypatch.setattr("feedback.selectors.search.RANKED", 2)
    monkeypatch.setattr("feedback.selectors.search.PAGE_SIZE", 2)
    year_ago = timezone.now() - timedelta(days=365)
    meant = FeedbackFactory(team=team, received_at=year_ago)
    others = FeedbackFactory.create_batch(3, team=team, order_number=f"A-{meant.number}")

    pages = [page_of(agent_client, str(meant.number), team=team.pk, page=page) for page in "12"]

    shown = [re.findall(r'data-row="(\d+)"', page) for page in pages]
    assert shown[0][0] == str(meant.pk)
    assert sorted([*shown[0], *shown[1]]) == sorted(str(one.pk) for one in [meant, *others])


def test_what_an_older_worker_wrote_is_found_by_its_month_after_an_hour(team):
    now = timezone.now()
    records = FeedbackFactory.create_batch(3, team=team, subject="渗油")
    index_what_changed()
    assert note_entries_without_month(now) == 0
    with connection.cursor() as cursor:  # as it was before 0029
        cursor.execute(
            "UPDATE feedback_searchentry SET tokens = ts_delete(tokens, %s)"
            " WHERE feedback_id = %s",
            [month_token(now), records[0].pk],
        )
    SearchEntry.objects.filter(pk=records[1].pk).delete()

    assert note_entries_without_month(now) == 2

    index_what_changed()
    entries = SearchEntry.objects.matching(understand("渗油"), [month_token(now)])
    assert entries.count() == 3
    ask_for_rebuild()
    assert note_entries_without_month(now) == 0
