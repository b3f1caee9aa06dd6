"""The settings of prepared answers: who sees and changes what, trying one on a real record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from feedback.enums import TemplateKind
from feedback.models import ReplyTemplate
from feedback.services.scheduling import schedule_reply, send_scheduled_now
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, ReplyTemplateFactory, TeamFactory

pytestmark = pytest.mark.django_db
LIST = reverse("feedback:reply_templates")
NEW = reverse("feedback:new_template")
TRY = reverse("feedback:try_template")


def edit(template):
    return reverse("feedback:edit_template", args=[template.pk])


def change(template, what):
    return reverse("feedback:change_template", args=[template.pk, what])


def typed(**more):
    base = {
        "name_zh": "致歉", "name_en": "", "kind": "apology", "shortcut": "致歉",
        "body_zh": "{{ customer.name }}您好", "body_en": "", "for_whom": "me",
    }  # fmt: skip
    return base | more


def test_an_agent_keeps_templates_for_themselves_and_nobody_else_sees_them(
    agent, agent_client, outsider_client
):
    assert agent_client.post(NEW, typed()).status_code == 302

    mine = ReplyTemplate.objects.get(owner=agent)
    assert (mine.name_en, mine.shortcut) == ("致歉", "致歉")  # one name stands for both
    assert "::致歉" in agent_client.get(LIST).content.decode()
    assert "::致歉" not in outsider_client.get(LIST).content.decode()
    assert outsider_client.get(edit(mine)).status_code == 404
    # The same word is free for everybody else.
    assert outsider_client.post(NEW, typed()).status_code == 302


def test_an_agent_may_use_but_not_change_what_everybody_shares(agent_client, team):
    shared, ours = ReplyTemplateFactory(), ReplyTemplateFactory(team=team)

    for template in (shared, ours):
        assert template.shortcut in agent_client.get(LIST).content.decode()
        assert agent_client.get(edit(template)).status_code == 403
        assert agent_client.post(change(template, "remove")).status_code == 403
    assert agent_client.post(NEW, typed(for_whom="all")).status_code == 422
    assert agent_client.post(NEW, typed(for_whom=str(team.pk))).status_code == 422


def test_who_leads_a_team_writes_its_templates(agent, agent_client, team):
    Membership.objects.filter(user=agent, team=team).update(is_lead=True)

    assert agent_client.post(NEW, typed(for_whom=str(team.pk))).status_code == 302
    assert agent_client.post(NEW, typed(for_whom=str(TeamFactory().pk))).status_code == 422
    assert ReplyTemplate.objects.get(shortcut="致歉").team == team


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body_zh": "{{ customer.nmae }}"}, "customer.nmae"),
        ({"body_zh": "[[ {{ order_number }}"}, "Every [[ needs its ]]"),
        ({"body_zh": ""}, "in one language at least"),
        ({"name_zh": ""}, "Give it a name"),
        ({"shortcut": "taken"}, "with the shortcut “taken” already"),
    ],
)
def test_what_could_never_be_sent_is_refused_and_kept_in_the_form(wrong, words, team):
    ReplyTemplateFactory(shortcut="taken")
    lead = client_of(member(Role.LEAD, team))

    response = lead.post(NEW, typed(for_whom="all", body_en="", **wrong))

    page = response.content.decode()
    assert (response.status_code, words in page) == (422, True)
    assert wrong.get("body_zh", "您好") in page


def test_a_template_is_tried_on_a_record_as_one_types(agent_client, outsider_client, team):
    record = FeedbackFactory(team=team, order_number="A-77")
    given = {
        "number": f"#{record.number}",
        "body_zh": "订单 {{ order_number }}，{{ product.name }}",
        "body_en": "Hello {{ customer.nmae }}",
    }

    page = agent_client.post(TRY, given).content.decode()

    assert "订单 A-77" in page
    assert "Has no value on this record: Product" in page
    assert "There are no such variables: customer.nmae" in page
    # T84: what one may not open, one cannot read through a template either.
    hidden = outsider_client.post(TRY, given).content.decode()
    assert "A-77" not in hidden
    assert "There is no such record that you may see." in hidden


def test_values_are_put_in_as_they_are_and_never_read_as_templates(agent_client, team):
    """T79: neither staff nor customers make the server evaluate what they write."""
    record = FeedbackFactory(
        team=team, subject="{{ agent.name }} {% now 'Y' %} <b>x</b>", order_number="[[x]]"
    )
    body = "{{ feedback.subject }} {{ order_number }} {% load x %}"

    page = agent_client.post(TRY, {"number": record.number, "body_en": body}).content.decode()

    assert (
        "{{ agent.name }} {% now &#x27;Y&#x27; %} &lt;b&gt;x&lt;/b&gt; [[x]] {% load x %}" in page
    )


def test_the_list_is_narrowed_by_words_kind_language_and_team(agent_client, team):
    ReplyTemplateFactory(shortcut="ours", team=team, kind="solved", body_en="")
    ReplyTemplateFactory(shortcut="leak", name_zh="漏水应急")

    def found(**by):
        page = agent_client.get(LIST, by).content.decode()
        return {word for word in ("ours", "leak") if f"::{word}<" in page}

    assert found() == {"ours", "leak"}
    assert found(q="漏水") == found(language="en") == {"leak"}
    assert found(kind="solved") == found(team=team.pk) == {"ours"}
    assert found(use="mine") == set()
    assert found(kind="nonsense") == {"ours", "leak"}


def test_order_copy_archive_and_use_again(team):
    lead = client_of(member(Role.LEAD, team))
    kind = TemplateKind.INTERIM
    first, second = (ReplyTemplateFactory(kind=kind, name_en=name) for name in ("A", "B"))

    lead.post(change(second, "up"))
    rows = ReplyTemplate.objects.filter(kind=kind).in_order()
    assert list(rows) == [second, first]

    copy = lead.get(NEW, {"copy": first.pk}).content.decode()
    assert first.body_zh in copy
    assert f'value="{first.shortcut}"' not in copy

    record = FeedbackFactory(team=team)
    later = timezone.now() + timedelta(days=1)
    schedule_reply(record.pk, by=member(Role.LEAD), text="x", send_at=later, templates=[first])
    lead.post(change(first, "remove"))  # something waits that was written from it
    lead.post(change(second, "remove"))
    first.refresh_from_db()
    assert first.is_archived
    assert list(rows.all()) == [first]
    assert f"::{first.shortcut}<" not in lead.get(LIST).content.decode()

    lead.post(change(first, "again"))
    first.refresh_from_db()
    assert not first.is_archived


def test_a_scheduled_answer_counts_as_a_use_before_and_after_it_goes(agent, team):
    template, record = ReplyTemplateFactory(), FeedbackFactory(team=team)
    later = timezone.now() + timedelta(days=1)

    draft = schedule_reply(record.pk, by=agent, text="x", send_at=later, templates=[template])
    assert ReplyTemplate.objects.with_usage().get(pk=template.pk).used == 1

    send_scheduled_now(draft.pk, by=agent)
    assert ReplyTemplate.objects.with_usage().get(pk=template.pk).used == 1


def test_the_editor_offers_what_fits_the_channel_and_the_person(agent, agent_client, team):
    record = FeedbackFactory(team=team)
    ReplyTemplateFactory(shortcut="weibo", channels=["weibo"])
    ReplyTemplateFactory(shortcut="mail", channels=["email", "wechat"])
    ReplyTemplateFactory(shortcut="mine", owner=agent)
    ReplyTemplateFactory(shortcut="theirs", owner=member(Role.AGENT, team))

    page = agent_client.get(reverse("feedback:templates", args=[record.number])).content.decode()

    offered = [word for word in ("weibo", "mail", "mine", "theirs") if f"::{word}<" in page]
    assert offered == ["mail", "mine"]
    assert 'class="template" role="option"' in page


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number(
    agent_client, team, rows, django_assert_num_queries
):
    ReplyTemplateFactory.create_batch(rows, team=team)
    agent_client.get(LIST)

    with django_assert_num_queries(7):
        agent_client.get(LIST)


def test_a_program_keeps_templates_within_the_rights_of_its_person(team):
    lead = ApiClient(member(Role.LEAD, team), ["feedback:read", "feedback:write"])
    agent = ApiClient(member(Role.AGENT, team), ["feedback:read", "feedback:write"])
    body = {"kind": "decision", "shortcut": "no", "name_en": "No", "body_en": "{{ order_number }}"}

    made = lead.post("reply-templates/", body).json()
    assert (made["name_zh"], made["team"], made["used"]) == ("No", None, 0)
    address = f"reply-templates/{made['id']}/"
    assert agent.patch(address, {"name_en": "Yes"}).status_code == 403
    assert lead.patch(address, {"name_en": "Yes", "team": team.pk}).json()["team"] == team.pk
    assert lead.patch(address, {"is_personal": True}).status_code == 400
    assert lead.post("reply-templates/", body).json()["code"] == "shortcut_taken"
    mine = agent.post("reply-templates/", body | {"is_personal": True})
    assert mine.status_code == 201

    record = FeedbackFactory(team=team, order_number="A-77")
    tried = agent.post(f"{address}preview/", {"feedback": record.number}).json()
    assert [one["text"] for one in tried] == ["A-77", "A-77"]
    hidden = FeedbackFactory(team=TeamFactory())
    tried = agent.post(f"{address}preview/", {"feedback": hidden.number})
    assert tried.status_code == 404
    assert lead.send("DELETE", address, "").status_code == 204
    assert [one["id"] for one in agent.get("reply-templates/").json()["results"]][-1] == (
        mine.json()["id"]
    )
