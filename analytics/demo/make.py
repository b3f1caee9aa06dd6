"""Making the demo company."""

import random
from datetime import datetime

import pghistory
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.demo.alerts import raise_alerts
from analytics.demo.asks import Asking
from analytics.demo.boards import keep_boards
from analytics.demo.company import found_company
from analytics.demo.culture import make_culture
from analytics.demo.fields import count_devices
from analytics.demo.improvement import make_problems
from analytics.demo.measured import improve_installation
from analytics.demo.people import gather_crowd
from analytics.demo.promises import write_promises
from analytics.demo.publications import tell_customers_what_came
from analytics.demo.reports import write_reports
from analytics.demo.reviews import write_reviews
from analytics.demo.rules import make_rules
from analytics.demo.scenario import FULL, SMALL, Size, plan_year
from analytics.demo.views import keep_views
from analytics.demo.words import topics
from analytics.demo.write import write_crowd, write_records
from analytics.models import DemoCompany, Problem, Report
from config.kernel.errors import DomainError
from feedback.models import AutomationRule
from surveys.demo.company import ask_about_purifiers
from surveys.demo.events import hold_events
from surveys.demo.mailing import ask_by_mail
from surveys.demo.paper import hand_out_forms
from surveys.models import Gathering, Survey

SEED = 20_251


class DemoIsThere(DomainError):
    code = "demo_is_there"


@transaction.atomic
def make_demo(
    *,
    now: datetime | None = None,
    seed: int = SEED,
    small: bool = False,
    password: str | None = None,
) -> DemoCompany:
    """Make the demo company with the year that ends at `now`: 6,000 records, or 200 with
    `small`. `password` opens the four well-known logins; None = nobody of the company can log
    in. The same seed and `now` give the same texts, people and dates. Raises DemoIsThere."""
    if DemoCompany.objects.exists():
        raise DemoIsThere(_("The demo is there already."))
    now = (now or timezone.now()).astimezone(timezone.get_default_timezone())
    size = SMALL if small else FULL
    with pghistory.context(demo="made"):
        unmarked = _write(random.Random(seed), size, now, password)  # noqa: S311 - not a secret
        company = DemoCompany.objects.create(
            made_at=now, seed=seed, is_small=small, unmarked=unmarked
        )
    # Tables that grew at one blow: without this the next queries are planned for empty ones.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    raise_alerts(now)
    return company


def _write(
    rng: random.Random, size: Size, now: datetime, password: str | None
) -> dict[str, list[int]]:
    company = found_company(topics(), password=password)
    managers = [one.user for one in company.staff if one.team == "relations"]
    crowd = gather_crowd(
        rng, count=size.customers, organisations=size.organisations, managers=managers, now=now
    )
    plans = plan_year(rng, company=company, crowd=crowd, topics=topics(), size=size, now=now)
    asks = Asking(rng, now).everybody(plans)
    count_devices(crowd, company.fields)
    write_crowd(crowd)
    ledgers = write_records(company, plans, asks, now=now)
    write_promises(ledgers, now=now, seed=SEED)
    readers = [one.user for one in company.staff if one.team == "care"]
    write_reviews(ledgers, readers, now=now, seed=SEED + 5)
    keep_views(company)
    keep_boards(company, now)
    make_culture(company, ledgers, now)
    # After the records: what the rules wait for has not happened to any of them.
    purifiers = ask_about_purifiers(
        random.Random(SEED + 3),  # noqa: S311 - not a secret
        count=size.records // 100 + 10,
        now=now,
    )
    ask_by_mail(random.Random(SEED + 6), purifiers, now=now)  # noqa: S311 - not a secret
    hand_out_forms(purifiers, [one.user for one in company.staff if one.team == "care"])
    fitters = company.lead("fitting")
    problems = [
        *make_problems(company, ledgers, now),
        *improve_installation(fitters, company.teams["fitting"], now=now),
    ]
    told = tell_customers_what_came(fitters, problems, now=now)
    return (
        company.unmarked
        | told
        | {
            Problem._meta.label: problems,
            AutomationRule._meta.label: make_rules(),
            Survey._meta.label: [purifiers.pk],
            Report._meta.label: write_reports(company, now=now),
            Gathering._meta.label: hold_events(
                random.Random(SEED + 4),  # noqa: S311 - not a secret
                now=now,
            ),
        }
    )
