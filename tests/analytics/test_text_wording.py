"""The words of the company: what is not counted, counts as one, or is never cut."""

import pytest
from django.urls import reverse

from analytics.errors import WordingRefused
from analytics.models import TextReading, TextWording
from analytics.rules.wording import synonyms_of, wording_of
from analytics.services.reading_backlog import read_backlog
from analytics.services.text_wording import save_text_wording
from config.kernel.text.words import Segmenter
from feedback.models import Assessment
from tests.analytics.test_keywords import reading
from tests.factories import FeedbackFactory
from tests.support.jobs import run_queued_jobs

PAGE, KEYWORDS = reverse("analytics:text_wording"), reverse("analytics:keywords")
TYPED = {"stop_words": "客服, 麻烦", "synonyms": "屏幕 = 荧幕、显示屏", "own_words": "小度X8"}


def counted(client):
    return {row.keyword.label: row.keyword.texts for row in client.get(KEYWORDS).context["rows"]}


def test_what_an_admin_saves_counts_at_once(admin_client, agent_client, team):
    for word in ("屏幕", "荧幕", "显示屏"):
        reading(f"客服 {word}", team=team)
    assert "客服" in counted(agent_client)

    assert PAGE in admin_client.get(KEYWORDS).content.decode()
    assert admin_client.post(PAGE, TYPED).status_code == 302

    assert counted(agent_client) == {"屏幕": 3}
    behind = agent_client.get(agent_client.get(KEYWORDS).context["rows"][0].url)
    assert behind.context["page"].paginator.count == 3


def test_only_admins_keep_words(agent_client):
    assert PAGE not in agent_client.get(KEYWORDS).content.decode()
    assert agent_client.get(PAGE).status_code in {403, 404}


def test_what_cannot_be_meant_so_is_said_and_stays_typed(admin_client):
    page = admin_client.post(PAGE, {**TYPED, "synonyms": "屏幕：荧幕", "stop_words": "air fryer"})

    assert page.status_code == 422
    assert {"synonyms", "stop_words"} == set(page.context["form"].errors)
    assert "屏幕：荧幕" in page.content.decode()
    assert not TextWording.objects.exists()


@pytest.mark.parametrize("typed", ["a = ", "= b", "a = b\nc = b", "a = b\nb = c", "a, b = c"])
def test_words_that_count_as_one_have_one_meaning(typed):
    with pytest.raises(WordingRefused):
        synonyms_of(typed)


def test_a_sentence_is_tried_without_saving(admin_client):
    page = admin_client.post(PAGE, {**TYPED, "do": "try", "sentence": "小度Ｘ8的荧幕找客服"})

    found = [(one.word, one.counts_as) for one in page.context["pieces"]]
    assert ("小度x8", "小度x8") in found
    assert ("荧幕", "屏幕") in found
    assert ("客服", "") in found
    assert not TextWording.objects.exists()


def test_words_are_folded_and_english_ones_meant_with_their_plural():
    wording = wording_of("Products", "Parcel = Boxes", "AirPods3000")

    assert wording.keyword("product") is wording.keyword("products") is None
    assert wording.keyword("box") == wording.keyword("boxes") == "parcel"
    assert wording.keyword("airpods3000") == "airpods3000"


def test_own_words_of_letters_and_signs_are_kept_whole_and_no_part_of_others_is():
    cut = Segmenter(["小度x8", "x-20"]).words("小度x8和小度x80，x-20 x-200")

    assert [word for word in cut if word in {"小度x8", "x-20"}] == ["小度x8", "x-20"]


def test_new_texts_are_read_with_own_words_and_older_ones_when_asked_for(admin_client):
    before = FeedbackFactory(text="云悦净三代又漏水了", category=None)
    run_queued_jobs()
    save_text_wording(TextWording(own_words="云悦净三代", stop_words="漏水"))
    after = FeedbackFactory(text="云悦净三代又漏水了", category=None)
    run_queued_jobs()
    assert "云悦净三代" in TextReading.objects.get(feedback=after).words
    assert Assessment.objects.get(pk=after.pk).keywords == ["云悦净三代"]
    assert "云悦净三代" not in TextReading.objects.get(feedback=before).words

    assert admin_client.post(reverse("analytics:read_words_again")).status_code == 302
    assert read_backlog(seconds=30) == 2

    assert "云悦净三代" in TextReading.objects.get(feedback=before).words
