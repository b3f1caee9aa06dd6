from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analytics.metrics.alert_rates import Company, false_alarms, noticed
from analytics.metrics.baseline import Side
from analytics.rules.alerts import CHANCES

COMPANIES = (
    Company("3 a day", 3.0),
    Company("20 a day", 20.0),
    Company("200 a day", 200.0),
    Company("20 a day, in bursts", 20.0, dispersion=10.0),
    Company("200 a day, in bursts", 200.0, dispersion=10.0),
    Company("20 a day, holidays", 20.0, holidays=True),
    Company("200 a day, holidays", 200.0, holidays=True),
    Company("200 a day, bursts, holidays", 200.0, dispersion=10.0, holidays=True),
    Company("20 series of 4 a day", 4.0, series=20),
    Company("20 series of 20, bursts", 20.0, series=20, dispersion=10.0),
)
FACTORS = (1.5, 2.0, 3.0)
TIMES = 100


class Command(BaseCommand):
    help = (
        "Simulates ordinary days and says how many alerts they raise, all of them false, and "
        "how many days of 1.5, 2 and 3 times as much are noticed; see docs/alerts.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=3650, help="days of each company")
        parser.add_argument("--seed", type=int, default=20261123)

    def handle(self, *args: Any, **options: Any) -> None:
        days, seed = options["days"], options["seed"]
        heads = [name.label.split(":")[0] for name in CHANCES]
        self.stdout.write(
            "| A company | " + " | ".join(map(str, heads)) + " | × 1.5 | × 2 | × 3 |"
        )
        for company in COMPANIES:
            rates = [f"{_rate(company, chance, days, seed):.2f}" for chance in CHANCES.values()]
            usual = list(CHANCES.values())[1]
            seen = [
                f"{noticed(company, chance=usual, factor=one, times=TIMES, seed=seed):.0%}"
                for one in FACTORS
            ]
            self.stdout.write(f"| {company.name} | {' | '.join([*rates, *seen])} |")


def _rate(company: Company, chance: float, days: int, seed: int) -> float:
    """False alarms in a quarter, upwards."""
    sides = (Side.ABOVE,)
    return false_alarms(company, chance=chance, days=days, seed=seed, sides=sides).per_quarter
