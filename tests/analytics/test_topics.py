"""What customers write about: found in the worker, kept by name, counted for who may see it."""

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from analytics.enums import TopicMethod, TopicState
from analytics.forms import topic_method
from analytics.models import ReadingRules, TextReading, Topic, TopicSet, TopicText
from analytics.selectors.text_choice import read_text_choice
from analytics.services import topics as searching
from analytics.services.topics import find_ordered_topics, order_topics, order_what_is_old
from feedback.enums import Mood
from feedback.models import Feedback, Message
from tests.analytics.test_keywords import reading
from tests.api.conftest import ApiClient
from tests.support.jobs import queued

PAGE, FIND = reverse("analytics:topics"), reverse("analytics:find_topics")
ABOUT = {
    "delivery": "送货 太慢 快递 物流 包裹 延误 签收",
    "invoice": "发票 抬头 税号 开票 报销 金额 专票",
    "price": "价格 优惠 会员 折扣 涨价 促销 积分",
    "app": "登录 闪退 密码 验证码 软件 更新 账号",
}


def texts_about(subject, count, **fields):
    """Each with five of the words of its subject."""
    words = ABOUT[subject].split()
    for at in range(count):
        turned = words[at % 7 :] + words[: at % 7]
        reading(" ".join(turned[:5]), **fields)


@pytest.fixture
def texts(team):
    texts_about("delivery", 16, team=team)
    texts_about("invoice", 14, team=team)
    texts_about("app", 12, team=team)


@pytest.fixture
def found(texts, db):
    order_what_is_old()
    find_ordered_topics()
    return TopicSet.objects.get()


def rows(page):
    return {row.row.texts: row for row in page.context["rows"]}


def about(subject):
    """The topic that has a word of it."""
    word = ABOUT[subject].split()[0]
    return next(one for one in Topic.objects.all() if word in dict(one.words))


def test_three_subjects_become_three_topics_that_lead_to_as_many_texts(agent_client, found):
    page = agent_client.get(PAGE)

    assert found.state == TopicState.DONE
    assert sorted(rows(page)) == [12, 14, 16]
    assert set(rows(page)[16].row.topic.top_words) == set(ABOUT["delivery"].split())
    assert page.context["rows"][-1].row.together == 1
    for number, row in rows(page).items():
        assert agent_client.get(row.url).context["page"].paginator.count == number


def test_a_topic_keeps_its_number_and_name_when_it_is_found_again(admin_client, found, team):
    delivery, invoice = about("delivery"), about("invoice")
    admin_client.post(reverse("analytics:topic", args=[delivery.pk]), {"name_en": "Too late"})
    TextReading.objects.filter(topics__topic=invoice).delete()
    texts_about("delivery", 9, team=team)
    texts_about("price", 13, team=team)

    admin_client.post(FIND)
    assert ("analytics.tasks.find_topics", {}) in queued()
    find_ordered_topics()

    page = admin_client.get(PAGE)
    assert rows(page)[25].row.topic == delivery
    assert "Too late" in page.content.decode()
    assert Topic.objects.get(pk=invoice.pk).archived_at is not None
    assert list(delivery.events.values_list("name_en", flat=True)) == ["", "Too late"]


def test_a_name_that_is_too_long_is_kept_on_the_page(admin_client, found):
    url = reverse("analytics:topic", args=[about("app").pk])

    answer = admin_client.post(url, {"name_en": "x" * 81})

    assert answer.status_code == 422
    assert "x" * 81 in answer.content.decode()


def test_what_is_written_more_often_than_chance_would_make_is_emerging(agent_client, team):
    texts_about("delivery", 30, team=team, days=40)
    texts_about("invoice", 30, team=team, days=40)
    texts_about("delivery", 15, team=team)
    texts_about("app", 20, team=team, mood=Mood.NEGATIVE)
    order_what_is_old()
    find_ordered_topics()

    counted = rows(agent_client.get(PAGE))

    assert counted[20].row.is_emerging
    assert not counted[15].row.is_emerging
    assert set(counted) == {15, 20}


def test_nobody_counts_opens_or_names_topics_of_records_they_may_not_see(outsider_client, found):
    page = outsider_client.get(PAGE)

    assert page.context["rows"] == []
    url = reverse("analytics:topic", args=[about("app").pk])
    assert outsider_client.get(url).status_code == 404


def test_agents_look_and_do_not_order_or_name(agent_client, found):
    assert agent_client.post(FIND).status_code == 403
    url = reverse("analytics:topic", args=[about("app").pk])
    assert agent_client.post(url, {"name_en": "App"}).status_code == 404


def test_filters_count_the_usual_topics_and_may_have_their_own(admin_client, found):
    TextReading.objects.filter(topics__topic=about("app")).update(mood=Mood.POSITIVE)
    counted = admin_client.get(PAGE, {"mood": "positive"})
    assert sorted(rows(counted)) == [12]
    assert counted.context["sets"].is_usual

    admin_client.post(f"{FIND}?mood=positive")
    assert "being looked for" in admin_client.get(PAGE, {"mood": "positive"}).content.decode()
    find_ordered_topics()

    assert TopicSet.objects.get(key="mood=positive").state == TopicState.TOO_FEW
    said = admin_client.get(PAGE, {"mood": "positive"}).content.decode()
    assert "There are 12 texts only" in said


def test_an_empty_page_says_what_is_missing(agent_client, db):
    said = agent_client.get(PAGE).content.decode()

    assert "It takes 30 texts" in said


def test_while_a_new_company_grows_its_topics_are_looked_for_again(found, team):
    order_what_is_old()
    assert TopicSet.objects.get().state == TopicState.DONE

    texts_about("price", 42, team=team)
    order_what_is_old()

    assert TopicSet.objects.get().state == TopicState.ORDERED


def test_a_search_that_ends_its_worker_twice_is_given_up(found):
    TopicSet.objects.update(state=TopicState.RUNNING, attempts=2)

    find_ordered_topics()

    assert TopicSet.objects.get().state == TopicState.FAILED
    order_topics(read_text_choice({}, teams=[], now=timezone.now()))
    find_ordered_topics()
    assert TopicSet.objects.get().state == TopicState.DONE


def test_spam_is_not_counted_and_personal_data_is_covered(agent_client, found):
    Message.objects.update(text="请打我电话 13812345678")
    url = reverse("analytics:topic", args=[about("app").pk])
    assert "13812345678" not in agent_client.get(url).content.decode()

    Feedback.objects.update(state="spam")
    assert agent_client.get(PAGE).context["rows"] == []


def test_the_table_comes_as_a_file(agent_client, found):
    lines = b"".join(agent_client.get(PAGE, {"format": "csv"}).streaming_content).decode()

    assert ",16," in lines


def test_a_text_without_a_topic_is_counted_as_such(agent_client, texts, team):
    reading("天气 风景", team=team)
    order_what_is_old()
    find_ordered_topics()

    assert TopicText.objects.filter(topic=None).count() == 1
    assert agent_client.get(PAGE).context["found"].others == 1


@pytest.mark.parametrize("kept", [1, 3])
def test_the_page_asks_the_same_for_any_number_of_topics(
    agent_client, found, kept, django_assert_num_queries
):
    gone = list(Topic.objects.values_list("pk", flat=True))[kept:]
    TopicText.objects.filter(topic__in=gone).delete()
    agent_client.get(PAGE)

    with django_assert_num_queries(QUERIES_OF_PAGE):
        agent_client.get(PAGE)


QUERIES_OF_PAGE = 11


def test_programs_read_order_and_name_topics(admin, agent, found):
    program = ApiClient(admin, Scope.values)
    said = program.get("topics/").json()
    delivery = said["topics"][0]["topic"]
    assert (said["state"], said["texts"], said["topics"][0]["texts"]) == ("done", 42, 16)

    renamed = program.patch(f"topics/{delivery['id']}/", {"name_zh": "送货"}).json()
    assert (renamed["name"], renamed["name_en"]) == ("送货", "")
    assert program.patch(f"topics/{delivery['id']}/", {"name_zh": "x" * 81}).status_code == 400
    assert program.post("topics/find/", {}).status_code == 204
    assert program.get("topics/").json()["state"] == "ordered"
    assert ApiClient(agent, Scope.values).post("topics/find/", {}).status_code == 403


# --- how texts are sorted -----------------------------------------------------------------------

METHOD = reverse("analytics:topic_method")


def test_only_what_is_installed_can_be_chosen_and_only_by_admins(
    admin_client, agent_client, monkeypatch, db
):
    monkeypatch.setattr(topic_method, "methods_here", lambda: [TopicMethod.WORDS])
    admin_client.post(METHOD, {"topics_by": "lda"})
    assert not ReadingRules.objects.filter(topics_by="lda").exists()

    monkeypatch.setattr(topic_method, "methods_here", lambda: list(TopicMethod))
    assert agent_client.post(METHOD, {"topics_by": "lda"}).status_code == 403
    admin_client.post(METHOD, {"topics_by": "lda"})
    assert ReadingRules.objects.get().topics_by == TopicMethod.LDA
    assert "How topics are found" in admin_client.get(PAGE).content.decode()


@pytest.mark.parametrize("method", [TopicMethod.LDA, TopicMethod.VECTORS])
def test_without_what_was_chosen_topics_are_found_by_words_and_the_log_says_so(
    method, texts, monkeypatch, caplog
):
    ReadingRules.objects.create(topics_by=method)
    monkeypatch.setattr(searching, "methods_here", lambda: [TopicMethod.WORDS])

    order_what_is_old()
    find_ordered_topics()

    assert TopicSet.objects.get().state == TopicState.DONE
    assert TopicSet.objects.get().found_by == TopicMethod.WORDS
    assert "make install-" in caplog.text


def test_topics_found_by_another_way_are_the_same_ones_again(found, admin_client, team):
    pytest.importorskip("tomotopy", reason="the extra [topics] is not installed")
    before = {one.pk for one in Topic.objects.current()}
    ReadingRules.objects.create(topics_by=TopicMethod.LDA)

    admin_client.post(FIND)
    find_ordered_topics()

    assert TopicSet.objects.get().found_by == TopicMethod.LDA
    assert {one.pk for one in Topic.objects.current()} == before
    assert "latent Dirichlet" in admin_client.get(PAGE).content.decode()


def test_topics_by_vectors_are_the_same_ones_again(found, admin_client, monkeypatch):
    before = {one.pk for one in Topic.objects.current()}
    ReadingRules.objects.create(topics_by=TopicMethod.VECTORS)
    monkeypatch.setattr(searching, "methods_here", lambda: list(TopicMethod))
    monkeypatch.setattr(searching, "encoder", Counting)

    admin_client.post(FIND)
    find_ordered_topics()

    assert TopicSet.objects.get().found_by == TopicMethod.VECTORS
    assert {one.pk for one in Topic.objects.current()} == before


class Counting:
    """An encoder that knows the words of the subjects."""

    name = "counting 1"

    def encode(self, texts):
        rows = [[sum(w in t for w in words.split()) for words in ABOUT.values()] for t in texts]
        return np.array(rows, np.float32) + 0.01
