"""Reports of a time in which little happened."""

from datetime import date

from analytics.services.reports import (
    approve_report,
    begin_report,
    issue_report,
    submit_report,
)

JULY = date(2026, 7, 1), date(2026, 7, 31)


def make_report(by, **given):
    first, last = given.pop("days", JULY)
    usual = {"title": "Satisfaction in July", "language": "en", "first": first, "last": last}
    return begin_report(**{**usual, **given}, by=by)


def issued_report(by, **given):
    """A report and its first version, without a PDF."""
    report = make_report(by, **given)
    submit_report(report.pk, by=by)
    approve_report(report.pk, by=by)
    return report, issue_report(report.pk, by=by, has_looked=True)
