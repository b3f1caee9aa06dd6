"""What an admin does to categories, tags, statuses, templates and mailboxes."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from feedback.enums import InboundState, State, TimelineKind
from feedback.models import (
    Category,
    Feedback,
    InboundMail,
    Mailbox,
    Product,
    ReplyTemplate,
    Status,
    Tag,
    Task,
)
from feedback.services.categories import (
    MergeNotPossible,
    TreeNotPossible,
    merge_category,
    save_category,
)
from feedback.services.details import set_tags
from feedback.services.followup import plan_call_back
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.statuses import LastOfItsKind, remove_status
from feedback.services.tags import merge_tags
from tests.conftest import client_of
from tests.factories import (
    FeedbackFactory,
    MailboxFactory,
    ProductFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)
from tests.support.imap import imap_server  # noqa: F401
from tests.support.jobs import queued

pytestmark = pytest.mark.django_db


def address(name: str, *args) -> str:
    return reverse(f"admin:feedback_{name}", args=args)


def category(code: str, parent: Category | None = None) -> Category:
    return save_category(Category(code=code, name_zh=code, name_en=code, parent=parent))


def text_of(response) -> str:
    return response.content.decode()


# --- categories


def test_the_list_shows_the_tree(admin_client):
    Category.objects.exclude(parent=None).delete()
    Category.objects.all().delete()
    second, first = category("second"), category("first")
    Category.objects.filter(pk=second.pk).update(order=2)
    category("inner", category("outer", second))

    html = text_of(admin_client.get(address("category_changelist")))

    places = [html.index(f">{code}<") for code in ("first", "second", "outer", "inner")]
    assert places == sorted(places)
    assert "└\u00a0outer" in html
    assert first.path == f"/{first.pk}/"


def test_one_name_and_some_words_are_enough_for_a_category(admin_client):
    add = address("category_add")
    for _time in range(2):
        admin_client.post(add, {"name_zh": "滤芯", "seed_words": "滤芯, 换芯", "order": 0})
    admin_client.post(add, {"name_en": "Late Parcels", "seed_words": "late", "order": 0})
    made = list(Category.objects.order_by("-pk").values_list("code", "name_zh", "name_en")[:3])
    assert made == [
        ("late-parcels", "Late Parcels", "Late Parcels"),
        ("category-2", "滤芯", "滤芯"),
        ("category", "滤芯", "滤芯"),
    ]
    refused = text_of(admin_client.post(add, {"seed_words": "late", "order": 0}))
    assert "Give it a name, in Chinese or in English." in refused
    listed = Category.objects.get(code="late-parcels")
    admin_client.post(
        address("category_change", listed.pk), {"name_en": "Parcels", "order": 0, "code": ""}
    )
    listed.refresh_from_db()
    assert (listed.code, listed.name_zh, listed.name_en) == ("late-parcels", "Parcels", "Parcels")


def test_a_category_made_in_the_admin_lies_where_it_should(admin_client):
    parent = category("parent")

    admin_client.post(
        address("category_add"),
        {"code": "new", "name_zh": "新", "name_en": "New", "parent": parent.pk, "order": 0},
    )

    made = Category.objects.get(code="new")
    assert made.path == f"{parent.path}{made.pk}/"


def test_a_tree_of_four_levels_is_refused_at_the_field(admin_client):
    third = category("three", category("two", category("one")))

    answer = admin_client.post(
        address("category_add"),
        {"code": "four", "name_zh": "四", "name_en": "Four", "parent": third.pk, "order": 0},
    )

    assert "Categories can be three levels deep." in text_of(answer)
    assert not Category.objects.filter(code="four").exists()


def test_a_branch_is_not_moved_to_where_it_would_be_too_deep():
    top = category("top")
    middle = category("middle", category("other"))
    category("leaf", top)
    top.parent = middle

    with pytest.raises(TreeNotPossible):
        save_category(top)


def test_a_used_category_is_archived_and_an_unused_one_is_gone(admin_client):
    used, unused = category("used"), category("unused")
    FeedbackFactory(category=used)

    for one in (used, unused):
        admin_client.post(address("category_delete", one.pk), {"post": "yes"})

    used.refresh_from_db()
    assert used.archived_at
    assert not Category.objects.filter(pk=unused.pk).exists()


def test_who_deletes_a_used_category_reads_what_becomes_of_it_and_may_merge(admin_client):
    used = category("used")
    FeedbackFactory(category=used)

    page = admin_client.get(address("category_delete", used.pk)).text

    assert "it is archived and not deleted" in page
    assert address("category_merge", used.pk) in page


def test_merging_shows_first_what_it_will_do(admin_client):
    source, into = category("source"), category("into")
    category("child", source)
    feedback = FeedbackFactory(category=source)

    preview = text_of(admin_client.get(address("category_merge", source.pk)))
    assert "1 record will be moved" in preview
    assert "child" in preview

    admin_client.post(address("category_merge", source.pk), {"into": into.pk})

    feedback.refresh_from_db()
    assert feedback.category == into
    assert feedback.version == 2
    assert not Category.objects.filter(pk=source.pk).exists()
    assert Category.objects.get(code="child").path.startswith(into.path)
    told = feedback.timeline.get(kind=TimelineKind.CATEGORY)
    assert told.data == {"before": source.pk, "after": into.pk, "merged": True}


def test_a_category_is_not_merged_into_what_lies_below_it():
    source = category("source")

    with pytest.raises(MergeNotPossible):
        merge_category(source, into=category("below", source), by=UserFactory())


# --- tags, products, statuses


def test_merged_tags_leave_one_on_each_record(admin_client):
    by, both, one = UserFactory(), FeedbackFactory(), FeedbackFactory()
    set_tags(both.pk, by=by, names=["leak", "leaking"])
    set_tags(one.pk, by=by, names=["leaking"])
    leak, leaking = Tag.objects.get(name="leak"), Tag.objects.get(name="leaking")

    admin_client.post(address("tag_merge", leaking.pk), {"into": leak.pk})

    assert [list(record.tags.all()) for record in (both, one)] == [[leak], [leak]]
    assert not Tag.objects.filter(name="leaking").exists()


def test_merging_tags_tells_only_the_records_that_had_it():
    by, with_tag, without = UserFactory(), FeedbackFactory(), FeedbackFactory()
    set_tags(with_tag.pk, by=by, names=["leaking"])
    leak = Tag.objects.create(name="leak")

    moved = merge_tags(Tag.objects.get(name="leaking"), into=leak, by=by)

    assert moved == 1
    assert without.timeline.filter(kind=TimelineKind.TAGS).count() == 0


def test_a_product_in_use_is_archived(admin_client):
    product = ProductFactory()
    FeedbackFactory(product=product)

    admin_client.post(address("product_delete", product.pk), {"post": "yes"})

    assert Product.objects.get(pk=product.pk).archived_at


def status_form(status: Status, **more) -> dict:
    names = ("code", "name_zh", "name_en", "state", "order")
    return {name: getattr(status, name) for name in names} | more


def test_what_a_used_status_means_is_fixed(admin_client):
    FeedbackFactory()
    new = Status.objects.default_for(State.NEW)

    answer = admin_client.post(
        address("status_change", new.pk), status_form(new, state=State.CLOSED)
    )

    assert "what it means cannot be changed" in text_of(answer)
    new.refresh_from_db()
    assert new.state == State.NEW


def test_the_last_status_of_a_meaning_stays():
    with pytest.raises(LastOfItsKind):
        remove_status(Status.objects.default_for(State.RESOLVED))


def test_the_admin_is_told_why_a_status_stays(admin_client):
    last = Status.objects.default_for(State.RESOLVED)

    answer = admin_client.post(address("status_delete", last.pk), {"post": "yes"}, follow=True)

    assert "At least one status must stand for each meaning." in text_of(answer)
    assert Status.objects.filter(pk=last.pk, archived_at=None).exists()


# --- reply templates


def template_form(**more) -> dict:
    given = {
        "kind": "apology",
        "shortcut": "sorry",
        "name_zh": "致歉",
        "name_en": "Apology",
        "body_zh": "{{ customer.name }}您好",
        "body_en": "Dear {{ customer.name }}",
    }
    return given | more


def test_an_unknown_variable_is_refused_at_the_field(admin_client):
    answer = admin_client.post(
        address("replytemplate_add"), template_form(body_en="Dear {{ customer.nmae }}")
    )

    assert "There are no such variables: customer.nmae" in text_of(answer)
    assert not ReplyTemplate.objects.filter(shortcut="sorry").exists()


def test_the_form_lists_the_variables(admin_client):
    html = text_of(admin_client.get(address("replytemplate_add")))

    assert "{{ customer.name }}" in html
    assert "{{ status_link }}" in html


def test_a_template_is_previewed_on_a_real_record(admin_client):
    template = ReplyTemplateFactory(body_en="Dear {{ customer.name }}: {{ product.name }}")
    feedback = FeedbackFactory()

    html = text_of(
        admin_client.get(
            address("replytemplate_preview", template.pk), {"number": f"#{feedback.number}"}
        )
    )

    assert f"Dear {feedback.customer.name}:" in html
    assert "Has no value on this record: product.name" in html


def test_the_preview_shows_no_record_that_the_person_may_not_see(agent, team):
    agent.is_staff = True
    agent.save()
    template = ReplyTemplateFactory()
    hidden = FeedbackFactory(team=TeamFactory())
    agent.user_permissions.add(Permission.objects.get(codename="view_replytemplate"))

    answer = client_of(agent).get(
        address("replytemplate_preview", template.pk), {"number": hidden.number}
    )

    assert hidden.subject not in text_of(answer)
    assert "There is no such record" in text_of(answer)


# --- mailboxes and mail


def mailbox_form(**more) -> dict:
    given = {
        "address": "Help@huiyin.test",
        "name": "Service",
        "language": "en",
        "is_active": "on",
        "imap_host": "imap.huiyin.test",
        "imap_port": 993,
        "imap_tls": "on",
        "username": "help",
        "folder": "INBOX",
        "quoting": "none",
    }
    return given | more


def test_a_password_is_written_and_never_read_back(admin_client):
    admin_client.post(address("mailbox_add"), mailbox_form(new_password="s3cret-code"))
    mailbox = Mailbox.objects.get(address="help@huiyin.test")
    assert mailbox.password == "s3cret-code"

    for page in ("change", "history", "test_now"):
        assert "s3cret-code" not in text_of(
            admin_client.get(address(f"mailbox_{page}", mailbox.pk))
        )

    admin_client.post(address("mailbox_change", mailbox.pk), mailbox_form(name="Support"))
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.password) == ("Support", "s3cret-code")


def test_another_server_is_read_from_the_start(admin_client):
    mailbox = MailboxFactory(imap_host="old.huiyin.test", uid_validity=7, last_uid=99)

    admin_client.post(address("mailbox_change", mailbox.pk), mailbox_form(address=mailbox.address))

    mailbox.refresh_from_db()
    assert (mailbox.uid_validity, mailbox.last_uid) == (None, 0)


def test_a_mailbox_is_tested_from_its_page(admin_client, imap_server):  # noqa: F811
    mailbox = MailboxFactory(
        imap_host="127.0.0.1",
        imap_port=imap_server.port,
        imap_tls=False,
        username="me@163.com",
        password="wrong",
    )

    assert "LOGIN" not in imap_server.commands
    opened = text_of(admin_client.get(address("mailbox_test_now", mailbox.pk)))
    tested = text_of(admin_client.post(address("mailbox_test_now", mailbox.pk)))

    assert "Sign in" not in opened
    assert "does not accept the user name and password" in tested
    assert "授权码" in tested


def test_a_mailbox_with_mail_is_switched_off(admin_client):
    mailbox, unused = MailboxFactory(), MailboxFactory()
    store_raw_mail(mailbox, b"Subject: x\r\n\r\nx")

    for one in (mailbox, unused):
        admin_client.post(address("mailbox_delete", one.pk), {"post": "yes"})

    mailbox.refresh_from_db()
    assert not mailbox.is_active
    assert not Mailbox.objects.filter(pk=unused.pk).exists()


def test_a_quarantined_mail_is_read_again(admin_client):
    mail = store_raw_mail(MailboxFactory(), b"Subject: x\r\n\r\nx")
    InboundMail.objects.filter(pk=mail.pk).update(state=InboundState.QUARANTINED, attempts=3)

    admin_client.post(address("inboundmail_process_again", mail.pk))

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (InboundState.RECEIVED, 0)
    assert ("feedback.tasks.read_inbound_mail", {"inbound_id": mail.pk}) in queued()


def test_the_raw_mail_can_be_downloaded_and_is_inert(admin_client):
    raw = b"Content-Type: text/html\r\n\r\n<script>alert(1)</script>"
    mail = store_raw_mail(MailboxFactory(), raw)

    answer = admin_client.get(address("inboundmail_download", mail.pk))

    assert answer.content == raw
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


# --- records


def test_an_agent_in_the_settings_sees_only_their_records(agent, team):
    agent.is_staff = True
    agent.save()
    own, foreign = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())

    html = text_of(client_of(agent).get(address("feedback_changelist")))
    messages = text_of(client_of(agent).get(address("message_changelist")))

    assert own.subject in html
    assert foreign.subject not in html
    assert f"#{foreign.number}" not in messages
    page = client_of(agent).get(address("feedback_change", foreign.pk))
    assert page.status_code == 302  # Django's admin: back to its index


def test_a_task_is_given_to_somebody_else(admin_client):
    task = plan_call_back(FeedbackFactory(), reason="low_score")
    person = UserFactory()

    admin_client.post(
        address("task_change", task.pk),
        {"assignee": person.pk, "due_at_0": "2027-01-02", "due_at_1": "10:00"},
    )

    task.refresh_from_db()
    assert task.assignee == person
    assert task.due_at.year == 2027
    assert Feedback.objects.get().timeline.filter(kind=TimelineKind.TASK).count() == 3
    assert Task.objects.count() == 1
