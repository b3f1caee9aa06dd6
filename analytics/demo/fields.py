"""What the demo company asks beyond what every record has, and what was answered.

The values have dice of their own: a field more or less must not change the story of the year.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.enums import FieldKind, FieldSubject
from accounts.models import CustomField, Team
from accounts.selectors.custom_fields import forget_book
from analytics.demo.people import Crowd
from analytics.demo.steps import Receive
from feedback.enums import Channel
from feedback.models import Feedback, FormDefinition
from feedback.selectors.custom_field_use import times_used
from feedback.services.custom_fields import save_custom_field
from feedback.services.form_definitions import save_form

if TYPE_CHECKING:
    from analytics.demo.scenario import Plan

SEED = 20_252
_ABOUT_PRODUCTS = ["under", "category", ["product", "service-installation"]]
# code, name zh/en, share of records that have it
SHOPS = [
    ("own_shop", "品牌官网", "Our own shop", 4),
    ("marketplace", "电商平台", "Online marketplace", 6),
    ("store", "线下门店", "Shop in town", 3),
    ("partner", "装修合作商", "Kitchen fitter", 1),
]
_FIELDS: list[dict[str, Any]] = [
    {
        "code": "serial_number",
        "kind": FieldKind.SHORT_TEXT,
        "name_zh": "机身编号",
        "name_en": "Serial number",
        "help_zh": "在机身底部的标签上，以 CY 开头。",
        "help_en": "On the label below the device; it begins with CY.",
        "pattern": "CY[0-9]{2}-[0-9]{6}",
        "example": "CY26-104532",
        "shown_when": _ABOUT_PRODUCTS,
        "is_public": True,
        "is_searchable": True,
    },
    {
        "code": "bought_on",
        "kind": FieldKind.DATE,
        "name_zh": "购买日期",
        "name_en": "Bought on",
        "minimum": "2015-01-01",
        "shown_when": _ABOUT_PRODUCTS,
        "is_public": True,
    },
    {
        "code": "bought_at",
        "kind": FieldKind.CHOICE,
        "name_zh": "购买渠道",
        "name_en": "Bought at",
        "options": [{"code": code, "name_zh": zh, "name_en": en} for code, zh, en, _ in SHOPS],
        "filter_often": True,
        "is_public": True,
        "shown_when": _ABOUT_PRODUCTS,
    },
    {
        "code": "under_warranty",
        "kind": FieldKind.YES_NO,
        "name_zh": "在保修期内",
        "name_en": "Under warranty",
        "shown_when": _ABOUT_PRODUCTS,
    },
    {
        "subject": FieldSubject.CUSTOMER,
        "code": "devices",
        "kind": FieldKind.INTEGER,
        "name_zh": "在用设备",
        "name_en": "Devices in use",
        "minimum": "0",
        "filter_often": True,
    },
]
WARRANTY = timedelta(days=365)


def make_fields() -> list[int]:
    """Those that nobody has made; the keys of what was made."""
    made = []
    for row in _FIELDS:
        subject = row.get("subject", FieldSubject.FEEDBACK)
        if not CustomField.objects.of(subject).filter(code=row["code"]).exists():
            made.append(save_custom_field(CustomField(**({"subject": subject} | row))).pk)
    return made


REPAIR = "repair"
_FITTING = "service-installation"


def make_forms(team: Team, made: Iterable[CustomField]) -> list[int]:
    """A second form beside the usual one, unless there is one at this address; its key."""
    if FormDefinition.objects.filter(code=REPAIR).exists():
        return []
    codes = {field.code for field in made}
    asked = [("bought_on", False), ("serial_number", True), ("bought_at", False)]
    form = FormDefinition(
        code=REPAIR,
        name_zh="预约维修",
        name_en="Book a repair",
        intro_zh="说说哪里坏了，什么时间方便上门。师傅会在一个工作日内与您约定时间。",
        intro_en="Tell us what is broken and when you are at home. A fitter agrees a time with "
        "you within one working day.",
        thanks_zh="请把设备的电源断开，关好进水阀，等师傅上门。",
        thanks_en="Please unplug the device and close its tap until the fitter comes.",
        categories=[_FITTING],
        team=team,
        shows_every_field=False,
        fields=[{"code": code, "required": needed} for code, needed in asked if code in codes],
    )
    return [save_form(form).pk]


def forms_by_use() -> dict[str, FormDefinition]:
    """The usual form, and that for repairs: by the code of its category, "" for all others."""
    known = {one.code: one for one in FormDefinition.objects.active()}
    found = {_FITTING: known[REPAIR]} if REPAIR in known else {}
    usual = next((one for one in known.values() if one.is_default), None)
    return found | ({"": usual} if usual else {})


def fill_in(
    plans: Iterable["Plan"], made: Iterable[CustomField], forms: dict[str, FormDefinition]
) -> None:
    """What customers and staff entered as far as they knew it, and by which form customers
    wrote, into the plans."""
    codes = {field.code for field in made}
    rng = Random(SEED)  # noqa: S311 - not a secret
    for plan in plans:
        first = plan.steps[0]
        if plan.script is None or not isinstance(first, Receive):
            continue
        about = plan.script.matter.topic.category
        if about.startswith(("product", _FITTING)):
            values = _values(rng, first)
            custom = {code: value for code, value in values.items() if code in codes}
            first = replace(first, custom=custom)
        if first.channel == Channel.WEB_FORM and forms:
            first = replace(first, form=forms.get(about, forms.get("")))
        plan.steps[0] = first


def _values(rng: Random, first: Receive) -> dict[str, Any]:
    day = timezone.localdate(first.at)
    bought = day - timedelta(days=int(rng.expovariate(1 / 260)) + 2)
    shop = rng.choices([row[0] for row in SHOPS], [row[3] for row in SHOPS])[0]
    number = rng.randrange(100_000, 999_999)
    knows = 0.75 if first.channel in {Channel.WEB_FORM, Channel.PHONE} else 0.35
    values: dict[str, Any] = {}
    if rng.random() < knows * 0.7:
        values["serial_number"] = f"CY{bought.year % 100:02}-{number}"
    if rng.random() < knows:
        values["bought_on"] = bought.isoformat()
        values["under_warranty"] = bought + WARRANTY >= day
    if rng.random() < knows:
        values["bought_at"] = shop
    return values


def count_devices(crowd: Crowd, made: Iterable[CustomField]) -> None:
    """How many devices companies have, as far as somebody asked."""
    if all(field.code != "devices" for field in made):
        return
    rng = Random(SEED)  # noqa: S311 - not a secret
    for person in crowd.people:
        if person.customer.organisation is not None and rng.random() < 0.8:
            person.customer.custom = {"devices": 2 + int(rng.expovariate(1 / 18))}


def remove_forms(keys: list[int]) -> set[int]:
    """Those of `keys` through which nothing real came, once the demo's records are gone."""
    used = Feedback.objects.filter(form__in=keys).values("form")
    unused = FormDefinition.objects.filter(pk__in=keys, is_default=False).exclude(pk__in=used)
    gone = set(unused.values_list("pk", flat=True))
    unused.delete()
    return gone


def remove_fields(keys: list[int]) -> set[int]:
    """Those of `keys` in which nothing real was entered, once the demo's records are gone."""
    unused = {one.pk for one in CustomField.objects.filter(pk__in=keys) if not times_used(one)}
    CustomField.objects.filter(pk__in=unused).delete()
    forget_book()
    return unused
