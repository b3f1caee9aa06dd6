"""From a measure to the public page: drafted, looked over, published, withdrawn."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from analytics.enums import PublicationState
from analytics.errors import PublicationRefused, PublicationTellsWho
from analytics.models import Publication
from analytics.selectors.publication_check import findings_in
from analytics.services.publications import (
    allow_finding,
    check_publication,
    draft_publication,
    publish,
    save_publication,
    withdraw,
)
from tests.analytics.publication.conftest import WORDS
from tests.conftest import client_of, member

pytestmark = pytest.mark.django_db


def test_a_measure_becomes_a_draft_in_the_chosen_language(lead_client, measure):
    address = reverse("analytics:publish_what_came", args=["measure", measure.pk])

    lead_client.post(address)

    one = Publication.objects.get()
    assert (one.title_en, one.did_en) == ("Better seals", "Other seals.")
    assert one.said_en == "Customers told us: Seals leak."  # three: too few to be counted
    assert one.is_plan  # it was not carried out yet
    assert one.problem == measure.problem


def test_it_says_that_nothing_was_measured(lead, measure):
    one = draft_publication(by=lead, language="zh-hans", measure=measure, kind="done")

    assert one.result_en == ""
    assert one.result_zh


@pytest.mark.parametrize(
    "words",
    [
        "Call 13812345678 when it leaks.",
        "Write to linda@example.org.",
        "{customer} was right.",
        "{colleague} has changed the seals.",
    ],
)
def test_nothing_that_tells_who_somebody_is_gets_out(lead, measure, records, words):
    customer = records[0].customer
    customer.name = "Philippa Ashdown"
    customer.save()
    told = words.format(customer="Ashdown", colleague=lead.name)
    one = draft_publication(by=lead, language="en", measure=measure)
    save_publication(one.pk, by=lead, **{**WORDS, "said_en": told})

    with pytest.raises(PublicationTellsWho):
        check_publication(one.pk, by=lead)


def test_a_false_alarm_is_allowed_with_a_reason_and_only_itself(lead, measure):
    one = draft_publication(by=lead, language="en", measure=measure)
    save_publication(one.pk, by=lead, **{**WORDS, "did_en": "Our hotline is 13812345678."})
    (found,) = findings_in(Publication.objects.get(pk=one.pk))

    with pytest.raises(PublicationRefused):
        allow_finding(one.pk, found.key, by=lead, why=" ")
    allow_finding(one.pk, found.key, by=lead, why="Our own hotline")
    assert check_publication(one.pk, by=lead).state == PublicationState.CHECKED

    save_publication(one.pk, by=lead, did_en="Our hotline is 13812345679.")
    with pytest.raises(PublicationTellsWho):
        check_publication(one.pk, by=lead)
    entry = one.entries.get(step="allowed")
    assert entry.note == "Our own hotline"
    assert "138" not in str(entry.about)


def test_who_comes_to_be_known_after_the_check_is_found_when_it_is_published(
    lead, measure, records
):
    one = draft_publication(by=lead, language="en", measure=measure)
    save_publication(one.pk, by=lead, **{**WORDS, "said_en": "Ashdown showed us how it leaks."})
    check_publication(one.pk, by=lead)
    records[0].customer.name = "Philippa Ashdown"
    records[0].customer.save()

    with pytest.raises(PublicationTellsWho):
        publish(one.pk, by=lead)


def test_a_correction_of_what_is_public_is_looked_over_too(lead, published):
    one = published()

    with pytest.raises(PublicationTellsWho):
        save_publication(one.pk, by=lead, result_en="Ask 13812345678.")

    one.refresh_from_db()
    assert one.result_en == WORDS["result_en"]


def test_an_analyst_writes_and_a_lead_publishes(published, team):
    one = published()
    analyst, agent = client_of(member(Role.ANALYST)), client_of(member(Role.AGENT, team))
    address = reverse("analytics:change_publication", args=[one.pk, "withdraw"])

    assert analyst.post(address).status_code == 403
    assert agent.get(reverse("analytics:edit_publication", args=[one.pk])).status_code == 403
    assert agent.get(one.get_absolute_url()).status_code == 200


def test_what_was_changed_meanwhile_is_not_written_over(lead_client, published):
    one = published()
    address = reverse("analytics:edit_publication", args=[one.pk])
    typed = {"kind": "done", "year": one.year, "quarter": one.quarter, **WORDS}

    answer = lead_client.post(address, {**typed, "version": one.version - 1, "did_en": "Mine."})

    assert answer.status_code == 409
    assert "Mine." in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_costs_the_same_for_any_number(
    lead, lead_client, measure, rows, django_assert_num_queries
):
    for _at in range(rows):
        draft_publication(by=lead, language="en", measure=measure)
    lead_client.get(reverse("analytics:publications"))

    with django_assert_num_queries(7):
        answer = lead_client.get(reverse("analytics:publications"))

    assert answer.content.decode().count("data-row=") == rows


def test_the_list_is_a_file_without_formulas(lead, lead_client, measure):
    one = draft_publication(by=lead, language="en", measure=measure)
    save_publication(one.pk, by=lead, title_en="=1+1")

    answer = lead_client.get(reverse("analytics:publications"), {"export": "csv"})

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",=1+1" not in lines[1]


def test_a_tab_keeps_the_kind(lead_client):
    tabs = lead_client.get(reverse("analytics:publications"), {"kind": "plan"}).context["tabs"]

    assert all("kind=plan" in tab["url"] for tab in tabs)
    assert "kind=plan&state=published" in [tab["url"].partition("?")[2] for tab in tabs]


def test_withdrawn_it_leaves_every_door(client, lead, published, open_page):
    one = published()
    page = reverse("analytics:published_page", args=["en"])
    feed = reverse("analytics:published_feed", args=["en"])
    json = reverse("analytics:published_json", args=["en"])
    embed = reverse("analytics:published_embed", args=["en"])
    doors = (page, feed, json, embed)
    assert all("Seals that hold" in client.get(door).content.decode() for door in doors)

    withdraw(one.pk, by=lead, why="It was wrong")

    for door in doors:
        words = client.get(door).content.decode()
        assert "Seals that hold" not in words
        assert "It was wrong" not in words
    item = client.get(one.public_path("en"))
    assert item.status_code == 410
    assert "Seals that hold" not in item.content.decode()
