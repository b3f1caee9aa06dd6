"""A subject with a column of every kind, each of which may be empty, made for the tests."""
# ruff: noqa: DJ001, DJ008 - NULL in a column of text is what is to be tried here

from datetime import UTC, date, datetime, timedelta

from django.db import connection, models
from django.test.utils import isolate_apps

from config.kernel.conditions.choices import Choice, options_of
from config.kernel.conditions.fields import Text, YesNo
from config.kernel.conditions.ordered import Day, Duration, Moment, Number
from config.kernel.conditions.sets import ChoiceSet, TextSet
from config.kernel.conditions.vocabulary import Part, Vocabulary, register
from tests.kernel.conditions.randomly import TEXTS

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
KINDS = [("red", "Red"), ("blue", "Blue"), ("is", "Is")]
LEVELS = [(1, "one"), (2, "two"), (3, "three")]

with isolate_apps("config.kernel"):

    class Thing(models.Model):
        words = models.TextField(null=True)
        line = models.CharField(max_length=200, blank=True)
        count = models.SmallIntegerField(null=True)
        share = models.FloatField(null=True)
        price = models.DecimalField(null=True, max_digits=12, decimal_places=2)
        flag = models.BooleanField(null=True)
        at = models.DateTimeField(null=True)
        day = models.DateField(null=True)
        took = models.DurationField(null=True)
        kind = models.CharField(max_length=9, null=True, blank=True)
        level = models.SmallIntegerField(null=True)
        parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")

        class Meta:
            app_label = "kernel"

    class Note(models.Model):
        thing = models.ForeignKey(Thing, models.CASCADE, related_name="notes")
        text = models.TextField(null=True)
        kind = models.CharField(max_length=9)

        class Meta:
            app_label = "kernel"


FIELDS = [
    Text(name="words", label="Words", path="words"),
    Text(name="line", label="Line", path="line", tracked=True),
    Number(name="count", label="Count", path="count"),
    Number(name="share", label="Share", path="share", decimals=2),
    Number(name="price", label="Price", path="price", decimals=2),
    YesNo(name="flag", label="Flag", path="flag"),
    Moment(name="at", label="At", path="at"),
    Day(name="day", label="Day", path="day"),
    Duration(name="took", label="Took", path="took"),
    Choice(name="kind", label="Kind", path="kind", options=options_of(KINDS), tracked=True),
    Choice(name="level", label="Level", path="level", options=options_of(LEVELS), in_order=True),
    TextSet(name="note", label="Notes", rows=Note.objects.all, link="thing", value_at="text"),
    ChoiceSet(
        name="note_kinds",
        label="Kinds of notes",
        rows=Note.objects.all,
        link="thing",
        value_at="kind",
        options=options_of(KINDS),
        tracked=True,
    ),
]
PLAIN = register(Vocabulary("plain_thing", label="Parent", fields=FIELDS))
THINGS = register(
    Vocabulary(
        "thing", label="Thing", fields=FIELDS, parts={"parent": Part("plain_thing", "parent")}
    )
)


def create_tables():
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(Thing)
        editor.create_model(Note)


def random_thing(rng, parents):
    def perhaps(value):
        return value if rng.random() < 0.75 else None

    return Thing(
        words=perhaps(rng.choice(TEXTS)),
        line=rng.choice(TEXTS),
        count=perhaps(rng.randint(-3, 60)),
        share=perhaps(rng.choice([0.0, 0.1, 1.5, 2.25, 30, 0.1 + 0.2])),
        price=perhaps(rng.choice(["0.10", "1.50", "2.25", "-1", "40"])),
        flag=perhaps(rng.random() < 0.5),
        at=perhaps(NOW + rng.choice([-1, 1]) * timedelta(minutes=rng.randint(0, 20_000))),
        day=perhaps(date(2026, 11, rng.randint(1, 30))),
        took=perhaps(timedelta(minutes=rng.randint(0, 20_000))),
        kind=perhaps(rng.choice(["red", "blue", "is", "", "gone"])),
        level=perhaps(rng.choice([1, 2, 3, 9])),
        parent=perhaps(rng.choice(parents) if parents else None),
    )


def make_things(rng, number):
    things = []
    for _ in range(number):
        thing = random_thing(rng, things)
        thing.save()
        # refresh: what a column gives back, not what was put in
        things.append(Thing.objects.get(pk=thing.pk))
    Note.objects.bulk_create(
        Note(
            thing=rng.choice(things),
            text=rng.choice([*TEXTS, None]),
            kind=rng.choice(["red", "blue", "is", "gone"]),
        )
        for _ in range(2 * number)
    )
    return list(Thing.objects.select_related("parent").order_by("pk"))
