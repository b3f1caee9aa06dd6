"""Conditions about feedback and its customer."""

import re
from datetime import timedelta
from random import Random

import pytest
from django import forms
from django.db import connection
from django.utils import timezone

from accounts.enums import ConsentPurpose, ContactKind, Tier
from accounts.models import Consent, ContactPoint, Customer, Organisation
from accounts.selectors.conditions import context_for
from accounts.selectors.custom_fields import forget_book
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.evaluation import Facts, evaluate
from config.kernel.conditions.form_field import ConditionFormField
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import read_tree, read_trees
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from config.kernel.conditions.writing import write
from feedback.enums import Channel, Direction, JourneyStage, Priority
from feedback.models import Attachment, Category, Feedback, Message, Status, Tag
from feedback.services.custom_fields import save_custom_field
from tests.factories import (
    CustomerFactory,
    CustomFieldFactory,
    FeedbackFactory,
    MailboxFactory,
    ProductFactory,
    TeamFactory,
    UserFactory,
)
from tests.kernel.conditions.randomly import CASES, TEXTS, differences, random_tree
from tests.kernel.conditions.test_builder import sent, tree_in

COLOURS = [
    {"code": "red", "name_zh": "红", "name_en": "Red"},
    {"code": "blue", "name_zh": "蓝", "name_en": "Blue"},
]
NOW = timezone.now().replace(second=0, microsecond=0)
FEEDBACK = vocabulary("feedback")
CUSTOMER = vocabulary("customer")


def asked(text, user=None, **more):
    """The records that fit, after making sure that each of them fits by itself too."""
    condition = parse(text, FEEDBACK)
    context = context_for(user, **more)
    listed = list(Feedback.objects.filter(to_q(condition, context)).order_by("pk"))
    assert listed == [
        one for one in Feedback.objects.order_by("pk") if evaluate(condition, one, context)
    ]
    return listed


def invented_customers(rng, staff):
    organisations = [Organisation.objects.create(name=name) for name in ["Acme", "漏水公司"]]
    customers = [
        Customer.objects.create(
            name=rng.choice(TEXTS),
            organisation=rng.choice([None, *organisations]),
            language=rng.choice(["zh-hans", "en"]),
            tier=rng.choice(Tier.values),
            owner=rng.choice([None, *staff]),
            preferred_channel=rng.choice(["", "email", "phone"]),
            note=rng.choice(TEXTS),
            do_not_contact_at=rng.choice([None, NOW]),
            created_at=NOW - timedelta(hours=rng.randint(0, 500)),
        )
        for _ in range(15)
    ]
    for number in range(30):
        ContactPoint.objects.create(
            customer=rng.choice(customers),
            kind=rng.choice(ContactKind.values),
            value=f"{rng.choice(TEXTS)}{number}",
        )
        Consent.objects.create(
            customer=rng.choice(customers),
            purpose=rng.choice(ConsentPurpose.values),
            given=rng.random() < 0.6,
            at=NOW - timedelta(hours=rng.randint(0, 3)),
        )
    return customers


def invented_feedback(rng, customers, staff, teams):
    """Rows as no service would make them: everything that the columns allow."""

    def time(most=0.7):
        hours = timedelta(minutes=rng.randint(-20_000, 5_000))
        return NOW + hours if rng.random() < most else None

    categories = [None, *Category.objects.all()]
    statuses = list(Status.objects.exclude(state__in=["merged"]))
    rows = []
    for _ in range(40):
        status = rng.choice(statuses)
        resolved = time(1 if status.state == "resolved" else 0.3)
        rows.append(
            Feedback.objects.create(
                channel=rng.choice(Channel.values),
                subject=rng.choice(TEXTS),
                language=rng.choice(["zh-hans", "en"]),
                customer=rng.choice(customers),
                mailbox=rng.choice([None, MailboxFactory()]),
                status=status,
                state=status.state,
                priority=rng.choice(Priority.values),
                category=rng.choice(categories),
                team=rng.choice([None, *teams]),
                assignee=rng.choice([None, *staff]),
                product=rng.choice([None, ProductFactory()]),
                order_number=rng.choice(TEXTS),
                place=rng.choice(TEXTS),
                journey_stage=rng.choice(["", *JourneyStage.values]),
                received_at=time(1),
                reply_due_at=time(),
                first_response_at=time(),
                waiting_since=time(),
                last_customer_message_at=time(),
                last_staff_message_at=time(),
                resolved_at=resolved,
                resolved_by=rng.choice([None, *staff]),
                resolved_team=rng.choice([None, *teams]),
                closed_at=time(0.2),
                reopened_count=rng.choice([0, 0, 1, 2, 5]),
                satisfaction=rng.choice([None, 1, 3, 5]),
                satisfaction_at=time(0.3),
                solved_for_customer=rng.choice([None, True, False]),
                follow_up_of=rng.choice([None, *rows]),
            )
        )
    return rows


def invented_conversations(rng, rows):
    tags = [Tag.objects.create(name=name) for name in ["退款", "VIP", "Leak", "leak again"]]
    for row in rows:
        row.tags.set(rng.sample(tags, rng.randint(0, 3)))
    for _ in range(80):
        message = Message.objects.create(
            feedback=rng.choice(rows),
            direction=rng.choice(Direction.values),
            channel="email",
            text=rng.choice(TEXTS),
            is_automatic=rng.random() < 0.2,
            created_at=NOW - timedelta(minutes=rng.randint(0, 5)),
        )
        if rng.random() < 0.2:
            Attachment.objects.create(message=message, name="a.txt", size=1)


def invented_values(rng, rows):
    """In a custom field of each kind that is asked in its own way."""
    codes = ["red", "blue", "green"]
    options = [{"code": code, "name_zh": code, "name_en": code} for code in codes]
    values = {
        "short_text": lambda: rng.choice(TEXTS) or None,
        "integer": lambda: rng.choice([0, 1, 5, 60]),
        "decimal": lambda: rng.choice([0, 0.1, 1.5, 3.25]),
        "yes_no": lambda: rng.random() < 0.5,
        "date": lambda: f"2026-11-{rng.randint(1, 30):02}",
        "moment": lambda: f"2026-11-{rng.randint(1, 30):02}T0{rng.randint(0, 9)}:30:00+00:00",
        "choice": lambda: rng.choice(codes),
        "choices": lambda: rng.sample(codes, rng.randint(1, 3)),
    }
    for kind in values:
        for subject in ("feedback", "customer"):
            CustomFieldFactory(subject=subject, code=kind, kind=kind, options=options)
    for row in [*rows, *{one.customer for one in rows}]:
        given = {kind: make() for kind, make in values.items() if rng.random() < 0.7}
        row.custom = {kind: value for kind, value in given.items() if value is not None}
        row.save(update_fields=["custom"])


@pytest.mark.django_db
def test_a_value_of_a_custom_field_is_found_by_the_index(agent):
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS)
    condition = parse("field.colour in (red, blue)", FEEDBACK)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Feedback.objects.order_by().filter(to_q(condition, context_for(None))).explain()

    assert "feedback_custom" in plan


@pytest.mark.django_db
def test_a_field_that_was_deleted_makes_its_conditions_invalid_and_an_archived_one_does_not():
    field = CustomFieldFactory(code="colour", kind="choice", options=COLOURS, name_en="Colour")
    tree = parse("field.colour = red", FEEDBACK).tree
    assert sentence(parse("field.colour = red", FEEDBACK), "en") == "Colour is Red"
    field.archived_at = NOW
    save_custom_field(field)
    assert read_tree(tree, FEEDBACK)
    assert "field.colour" not in [one.name for one in FEEDBACK]
    field.delete()
    forget_book()

    with pytest.raises(ConditionInvalid):
        read_tree(tree, FEEDBACK)


@pytest.mark.django_db
def test_lists_and_records_agree_on_random_conditions_about_feedback():
    rng = Random(20261122)
    teams = TeamFactory.create_batch(3)
    staff = [UserFactory(team=rng.choice(teams)) for _ in range(4)]
    rows = invented_feedback(rng, invented_customers(rng, staff), staff, teams)
    invented_conversations(rng, rows)
    invented_values(rng, rows)
    records = list(Feedback.objects.select_related("customer", "status", "category", "product"))
    context = context_for(staff[0], now=NOW)

    found, fitting = differences(rng, FEEDBACK, records, Feedback.objects.all(), context)

    assert found == []
    assert fitting > CASES / 3


@pytest.mark.django_db
def test_lists_and_records_agree_on_random_conditions_about_customers():
    rng = Random(1122)
    customers = invented_customers(rng, UserFactory.create_batch(3))
    records = [Customer.objects.get(pk=one.pk) for one in customers]

    found, _fitting = differences(
        rng, CUSTOMER, records, Customer.objects.all(), context_for(None, now=NOW), CASES // 4
    )

    assert found == []


@pytest.mark.django_db
def test_random_conditions_about_feedback_survive_being_written():
    rng = Random(5)
    twins = [TeamFactory(name_zh="双胞胎", name_en="Twins") for _ in range(2)]
    teams = [*twins, TeamFactory(name_zh="12", name_en="and"), TeamFactory(name_en="a " * 50)]
    staff = [UserFactory(name="Li Na"), UserFactory(name="Li Na"), UserFactory(name="me")]
    Tag.objects.create(name="退款 “大额”")
    Tag.objects.create(name='say "hi" \\')
    Organisation.objects.create(name="(none)")
    MailboxFactory()
    ProductFactory(code="not")
    invented_customers(rng, staff)
    assert teams

    def keys(source):
        return [source.key_of(row) for row in source.rows()]

    for _ in range(CASES // 6):
        condition = read_tree(random_tree(rng, FEEDBACK, keys), FEEDBACK)

        assert parse(write(condition), FEEDBACK).tree == condition.tree, write(condition)


@pytest.mark.django_db
def test_the_example_of_the_guide():
    tag = Tag.objects.create(name="退款")
    text = (
        'channel = email and (priority in (high, urgent) or tag has "退款")'
        " and created within last 3 days"
    )
    urgent = FeedbackFactory(channel=Channel.EMAIL, priority=Priority.URGENT)
    refund = FeedbackFactory(channel=Channel.EMAIL)
    refund.tags.set([tag, Tag.objects.create(name="other")])
    FeedbackFactory(channel=Channel.EMAIL)
    FeedbackFactory(channel=Channel.PHONE, priority=Priority.URGENT)
    Feedback.objects.filter(
        pk=FeedbackFactory(channel=Channel.EMAIL, priority=Priority.URGENT).pk
    ).update(received_at=timezone.now() - timedelta(days=4))

    assert asked(text) == [urgent, refund]
    assert parse(text, FEEDBACK).tree == [
        "and",
        ["is", "channel", "email"],
        ["or", ["in", "priority", ["high", "urgent"]], ["has_any", "tag", [tag.pk]]],
        ["within_last", "created", [3, "days"]],
    ]


@pytest.mark.django_db
def test_me_and_my_team_are_those_who_ask(team, agent, outsider):
    mine = FeedbackFactory(team=team)
    Feedback.objects.filter(pk=mine.pk).update(assignee=agent)
    nobodys = FeedbackFactory()

    assert asked("assignee is me", agent) == [mine]
    assert asked("team is my team", agent) == [mine]
    assert asked("assignee is me", outsider) == []
    assert asked("assignee is not me", outsider) == [mine, nobodys]
    # Nobody asks: a program.
    assert asked("team is my team or assignee is me") == []
    assert asked("team is not my team") == [mine, nobodys]


@pytest.mark.django_db
def test_under_a_category_lies_everything_below_it():
    top = Category.objects.create(code="top", name_zh="顶", name_en="Top")
    top.path = f"/{top.pk}/"
    top.save()
    below = Category.objects.create(
        code="below", name_zh="下", name_en="Below", parent=top, path=f"/{top.pk}/9/"
    )
    here, there, nowhere = (FeedbackFactory(category=one) for one in [top, below, None])

    assert asked("category = top") == [here]
    assert asked("category under top") == [here, there]
    assert asked("category under Below") == [there]
    assert asked("category not under top") == [nowhere]


@pytest.mark.django_db
def test_only_the_latest_consent_counts():
    record = FeedbackFactory()

    def answer(given):
        Consent.objects.create(
            customer=record.customer, purpose=ConsentPurpose.SURVEY, given=given, at=NOW
        )

    answer(True)
    assert asked("customer.consents has survey") == [record]
    answer(False)
    assert asked("customer.consents has survey") == []


@pytest.mark.django_db
def test_names_mean_rows_and_what_means_nothing_or_two_things_is_an_error():
    team = TeamFactory(name_zh="售后", name_en="After-sales")
    twins = [TeamFactory(name_zh="双胞胎") for _ in range(2)]
    staff = UserFactory(email="li@huiyin.test", name="Li Na")

    assert parse("team = 售后", FEEDBACK).tree == ["is", "team", team.pk]
    assert parse('team = "AFTER-SALES"', FEEDBACK).tree == ["is", "team", team.pk]
    assert parse(f"team = {twins[0].pk}", FEEDBACK).tree == ["is", "team", twins[0].pk]
    assert parse('assignee = "Li Na"', FEEDBACK).tree == ["is", "assignee", staff.pk]
    assert write(read_tree(["is", "assignee", staff.pk], FEEDBACK)) == "assignee = li@huiyin.test"
    for text, words in [
        ("team = 双胞胎", f"“双胞胎” is the name of several: write one of {twins[0].pk}"),
        ("team = Nobody", "There is no “Nobody” here."),
        ("team = 999999", "There is no “999999” here."),
        ("status = gone", "There is no “gone” here."),
    ]:
        with pytest.raises(ConditionInvalid, match=words):
            parse(text, FEEDBACK)


@pytest.mark.django_db
def test_a_kept_condition_about_a_row_that_is_gone_is_reported_and_not_run():
    team = TeamFactory()
    tree = ["is_not", "team", team.pk]
    assert read_tree(tree, FEEDBACK)
    team.delete()

    with pytest.raises(ConditionInvalid, match="There is no"):
        read_tree(tree, FEEDBACK)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 5])
def test_reading_many_conditions_costs_the_same_as_reading_one(number, django_assert_num_queries):
    teams = TeamFactory.create_batch(5)
    trees = [
        ["and", ["is", "team", team.pk], ["in", "status", ["new"]], ["is_me", "assignee"]]
        for team in teams
    ]

    with django_assert_num_queries(2):  # teams, statuses
        read = read_trees(trees[:number], FEEDBACK)
    with django_assert_num_queries(0):
        assert [sentence(one) for one in read]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 5])
def test_many_conditions_ask_a_record_once(number, django_assert_num_queries):
    record = FeedbackFactory()
    condition = parse(
        'tag is empty and text contains "漏水" and latest_text contains 漏水', FEEDBACK
    )
    context = context_for(None)
    facts = Facts(Feedback.objects.get(pk=record.pk))

    with django_assert_num_queries(3):  # tags, texts, latest text
        assert all(evaluate(condition, facts, context) for _ in range(number))


@pytest.mark.django_db
def test_a_list_by_a_condition_is_one_query(django_assert_num_queries):
    records = [FeedbackFactory(channel=Channel.EMAIL) for _ in range(3)]
    Tag.objects.create(name="vip")
    condition = parse(
        "channel = email and tag has none (vip) and customer.contact contains example", FEEDBACK
    )
    context = context_for(None)

    with django_assert_num_queries(1):
        assert list(Feedback.objects.filter(to_q(condition, context)).order_by("pk")) == records


SENTENCES = [
    (
        "channel = email and priority in (high, urgent)",
        "Channel is E-mail and Priority is High or Urgent",
    ),
    (
        'subject contains ("a", "b", "c") or not score < 3',
        "Subject contains “a”, “b” or “c” or not (Satisfaction is below 3)",
    ),
    (
        "(assignee is me or team is my team) and due is past",
        "(Assignee is me or Team is one of my teams) and Answer due has passed",
    ),
    ("created within last 1 day", "Received is within the last 1 day"),
    ("created between 2026-11-01 and 2026-11-02", "Received is between 1 Nov 2026 and 2 Nov 2026"),
    ("tag has all (漏水, 退款)", "Tags include 漏水 and 退款"),
    ("first_answer_took > 2 hours", "Time to the first answer is above 2 hours"),
    ("solved = no", "Solved, says the customer: no"),
    ("status changed to new", "Status has changed to New"),
    ("customer.tier >= key", "Tier is at least Key customer"),
    ("", "Always"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "words"), SENTENCES)
def test_a_condition_is_a_sentence_in_english(text, words):
    Tag.objects.create(name="漏水")
    Tag.objects.create(name="退款")

    assert sentence(parse(text, FEEDBACK), "en") == words


@pytest.mark.django_db
@pytest.mark.parametrize("text", [text for text, _words in SENTENCES])
def test_a_condition_is_a_sentence_in_chinese(text):
    Tag.objects.create(name="漏水")
    Tag.objects.create(name="退款")

    words = sentence(parse(text, FEEDBACK), "zh-hans")

    assert re.search("[\u4e00-\u9fff]", words)
    assert re.findall(r"[A-Za-z]+", re.sub("“.*?”", "", words)) == []
    assert re.findall(r"(?<![\d:]) (?!\d)", words) == []  # spaces stand beside digits only


@pytest.mark.django_db
def test_values_may_be_called_as_people_call_them():
    assert parse("status = New and priority = Urgent", FEEDBACK).tree == [
        "and",
        ["is", "status", "new"],
        ["is", "priority", "urgent"],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("field", [*FEEDBACK.declared()], ids=lambda field: field.name)
def test_every_field_can_be_asked_about(field):
    asked(f"{field.name} is empty" if field.operator("empty") else f"{field.name} = no")


@pytest.mark.django_db
def test_customers_of_factories_can_be_asked_about():
    customer = CustomerFactory(email="Anna@example.org".lower())
    condition = parse("contact contains ANNA and contact_kinds has email", CUSTOMER)

    assert evaluate(condition, customer, context_for(None))


class RuleForm(forms.Form):
    rule = ConditionFormField(subject="feedback")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 5])
def test_the_builder_costs_the_same_for_any_number_of_rows(number, django_assert_num_queries):
    keys = [team.pk for team in TeamFactory.create_batch(5)]
    tree = ["or", *[["in", "team", [key]] for key in keys[:number]]]

    # What may be chosen: mailboxes, statuses, categories, tags, products, teams, staff,
    # organisations, forms; custom fields. What is chosen, and whether its name is its own: teams,
    # twice.
    with django_assert_num_queries(12):
        html = str(RuleForm(initial={"rule": tree}))

    assert html.partition("<template")[0].count(" checked><span>") == number


@pytest.mark.django_db
def test_what_was_put_away_stays_chosen_and_is_not_offered_again():
    gone = Tag.objects.create(name="old one", archived_at=NOW)

    html = str(RuleForm(initial={"rule": ["has_any", "tag", [gone.pk]]}))

    shown, templates = html.split("<template", 1)
    assert f'value="{gone.pk}" checked><span>old one</span>' in shown
    assert "old one" not in templates


@pytest.mark.django_db
def test_of_a_long_table_one_types_the_name():
    Organisation.objects.bulk_create(Organisation(name=f"Company {n}") for n in range(201))
    (seven,) = Organisation.objects.filter(name="Company 7")
    tree = ["in", "customer.organisation", [seven.pk]]
    html = str(RuleForm(initial={"rule": tree}))
    assert ">Company 7</textarea>" in html

    assert tree_in(RuleForm(sent(html).data)) == tree
    eight = RuleForm(sent(html, rule_1_value="company 8\r\n").data)
    assert tree_in(eight) == ["in", "customer.organisation", [seven.pk + 1]]
    nobody = RuleForm(sent(html, rule_1_value="Nobody").data)
    assert nobody.errors["rule"] == ["There is no “Nobody” here."]


@pytest.mark.django_db
def test_a_random_condition_about_feedback_survives_the_builder():
    rng = Random(9)
    staff = UserFactory.create_batch(3)
    TeamFactory.create_batch(3)
    Tag.objects.bulk_create(Tag(name=f"t {n}") for n in range(5))
    Organisation.objects.create(name="Acme")
    MailboxFactory()
    ProductFactory()
    assert staff

    def keys(source):
        return [source.key_of(row) for row in source.rows()]

    for _ in range(CASES // 60):
        tree = read_tree(random_tree(rng, FEEDBACK, keys), FEEDBACK).tree

        assert tree_in(RuleForm(sent(str(RuleForm(initial={"rule": tree}))).data)) == tree
