"""/reports/: drafted, read and issued by programs."""

from analytics.models import Report
from tests.factories.reports import issued_report


def test_programs_draft_read_and_issue_reports(admin_api, api):
    wanted = {"title": "July", "language": "en", "first": "2026-07-01", "last": "2026-07-31"}
    assert api.post("reports/", wanted).status_code == 403
    wrong = admin_api.post("reports/", wanted | {"last": "2026-06-01"})
    assert "last" in wrong.json()["errors"]

    made = admin_api.post("reports/", wanted).json()
    assert (made["state"], made["version"]) == ("draft", None)
    assert api.get(f"reports/{made['id']}/").status_code == 404
    full = admin_api.get(f"reports/{made['id']}/").json()
    assert full["document"]["parts"][0]["kind"] == "cover"
    early = admin_api.post(f"reports/{made['id']}/issue/", {})
    assert (early.status_code, early.json()["code"]) == (409, "report_not_in_state")
    assert admin_api.post(f"reports/{made['id']}/refresh/", {}).status_code == 200
    assert admin_api.get(f"reports/{made['id']}/pdf/").status_code == 409

    report, _version = issued_report(Report.objects.get().owner)
    found = api.get("reports/").json()["results"]
    assert [(one["id"], one["version"]) for one in found] == [(report.pk, 1)]
