"""Promises about the shape of the code, kept by the test run."""

import ast
import importlib
import inspect
import subprocess
import sys
from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from config.kernel.events import Event
from tests.support.sources import name_of, offenders

APPS = ["accounts", "feedback", "surveys", "analytics", "config"]
ROOT = Path(settings.BASE_DIR)
SOURCES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
WEB = ("django.http", "django.shortcuts", "django.contrib.messages", "django.template")
PURE = {"rules", "metrics", "flow", "logic", "questions", "language"}
HEART = {"services", "models", "selectors"} | PURE
# Pages of other packages, which guard themselves.
FOREIGN = {"admin", "account", "mfa", "usersessions", "api"}
# What the API says about itself is for everybody.
OPEN_API = {"api:schema"}
# No row of these is ever for a person to look at by itself; each says why.
NOT_IN_ADMIN = {
    "accounts.Membership": "inline of the team",
    "analytics.AlertEvidence": "on the page of its alert, to those who may see the record",
    "analytics.CashFlow": "on the page of its measure",
    "analytics.Dashboard": "made, changed and shared on pages of its own",
    "analytics.DashboardLink": "made and withdrawn on a page of its dashboard",
    "analytics.DashboardMail": "ordered on a page of its dashboard, by whoever gets it",
    "analytics.DashboardTile": "on its dashboard",
    "analytics.TimelineNote": "managed on a page of their own",
    "analytics.CauseNode": "on the page of causes of its problem",
    "analytics.EffectCheck": "on the page of its measure",
    "analytics.ImprovementEntry": "on the pages of its problem and its measure",
    "analytics.ImprovementScore": "on the page of its problem or its measure",
    "analytics.MeasureStep": "on the page of its measure",
    "analytics.WeekMail": "only that somebody had the mail of a week already",
    "analytics.ProblemEvidence": "on the page of its problem, to those who may see the record",
    "analytics.RootCause": "on the page of causes of its problem",
    "analytics.PublicPage": "has a page of its own, and stands among the settings",
    "analytics.PublicationComment": "on a page of its own, where somebody looks at it",
    "analytics.PublicationEntry": "the history on the page of its publication",
    "analytics.PublicationNotice": "who was told; counted on the page of its publication",
    "analytics.PublicationQuote": "on the page of its publication, to those who see the record",
    "analytics.PublicationVote": "counted on the page of its publication",
    "analytics.ReadingProgress": "how far the worker has come",
    "analytics.ReadingRules": "on the page of models, and among the settings",
    "analytics.Review": "said on the page of reviews, counted on the page of models",
    "analytics.TextModel": "on a page of its own, where one goes back",
    "analytics.RollUp": "made and mended by the machine; roll_ups --check looks at it",
    "analytics.RollUpMark": "gone within a minute",
    "analytics.RollUpState": "how far the worker has come",
    "analytics.Topic": "on the page of topics, where it gets its name",
    "analytics.TopicSet": "ordered and shown on the page of topics",
    "analytics.TopicText": "which text has which topic; listed on the page of topics",
    "analytics.TextReading": "bits of texts; shown with the text on the record page",
    "analytics.TextWording": "has a page of its own, and stands among the settings",
    "feedback.Assessment": "shown on the page of its record",
    "feedback.NearDuplicate": "shown on the page of its record",
    "analytics.Report": "has pages of its own: /reports/",
    "analytics.ReportComment": "on the page of its report",
    "analytics.ReportEntry": "the history on the page of its report",
    "analytics.ReportPart": "written on a page of its report",
    "analytics.ReportSchedule": "has a page of its own: /reports/schedules/",
    "analytics.ReportVersion": "on the page of its report",
    "analytics.SharedReport": "made and withdrawn on a page of its report",
    "analytics.SharedResults": "made and withdrawn on a page of its survey",
    "surveys.AnswerCorrection": "on the page of its response",
    "surveys.AnswerTimes": "measured every hour, asked by the checks",
    "surveys.QualityCheck": "on the pages of a survey's quality",
    "surveys.QualityDecision": "on the page of a response",
    "surveys.QualityRules": "has a page of its own, and stands among the settings",
    "surveys.TallyBlock": "made and mended by the machine; check_tallies looks at it",
    "surveys.Tally": "bits, nothing to read",
    "surveys.QuotaCount": "a counter, taken from when somebody hands in",
    "feedback.RoutingTag": "chosen on the page of a routing rule",
    "accounts.RoleGrant": "boxes to tick on the page of a person",
    "accounts.ContactPoint": "inline of the customer",
    "accounts.CustomerMerge": "shown on the page of the customer, where it is taken back",
    "accounts.CustomerNote": "shown on the page of the customer",
    "accounts.ForgottenContact": "digests, nothing to read",
    "accounts.PrivacyRequest": "decided on a page of its own",
    "accounts.WebhookEndpoint": "has pages of its own: /webhooks/",
    "accounts.WebhookDelivery": "on the page of its webhook",
    "accounts.WebhookEvent": "becomes deliveries within seconds",
    "accounts.OutgoingQueue": "on the page of outgoing mail",
    "accounts.CaughtMail": "development only; shown by the outbox page",
    "feedback.LegalHold": "shown on the page of its record",
    "feedback.BulkItem": "shown on the page of its job",
    "feedback.BulkJob": "on the page of whoever ordered it",
    "feedback.ListExport": "a file for whoever ordered it, for a day",
    "surveys.DraftStep": "the way back of a draft; undone on the builder's page",
    "surveys.QuestionBankItem": "taken and given on the builder's pages",
    "feedback.Draft": "somebody's unsent words; shown on the record page",
    "feedback.MailReference": "an index of ids, nothing to read",
    "feedback.CalendarWindow": "shown on the page of its calendar",
    "feedback.CalendarDay": "inline of the calendar",
    "feedback.HolidayFeed": "inline of the calendar",
    "feedback.PushAddress": "on the page of its mailbox; its secret is for nobody to read",
    "feedback.SLATarget": "inline of the service level",
    "feedback.SLAEscalation": "inline of the service level",
    "feedback.NegativePoint": "shown with its case on the record page",
    "feedback.ChecklistItem": "shown on the page of its task",
    "feedback.Attachment": "shown with its message on the record page",
    "feedback.AutomationEvent": "what rules look at in the next seconds",
    "feedback.AutomationPause": "shown in the log of automation",
    "feedback.AutomationRun": "shown in the log of automation, newest first",
    "feedback.SearchEntry": "an index of words, nothing to read",
    "feedback.CustomerEntry": "an index of words, nothing to read",
    "feedback.FeedbackQuality": "shown with its reasons on the record page",
    "feedback.NotDuplicate": "a suggestion that somebody refused; taken back on the record page",
    "feedback.StaleEntry": "what the search takes up in the next seconds",
    "surveys.PlannedStep": "a line of the plan's page",
    "surveys.SurveyPlan": "a page of its survey",
    "surveys.SurveyComment": "on the page of comments of its survey",
    "surveys.Mailing": "a page of its collector",
    "surveys.CallScript": "a page of its survey",
    "surveys.PaperBatch": "on the paper page of its survey",
    "surveys.PaperForm": "on the paper page of its survey",
    "surveys.PaperEntry": "waits for the second entry on the paper page",
    "surveys.PhoneCall": "on the phone page of its survey",
    "surveys.Wave": "a line of the page of its mailing",
    "surveys.AddressOptOut": "a digest, nothing to read",
    "surveys.ResponseExport": "a file for whoever ordered it, for a day",
    "surveys.ResponseImport": "pages of its survey, where it is taken back",
    "surveys.Reward": "a page of its survey",
    "surveys.Coupon": "counted on the page of its reward",
    "surveys.RewardGrant": "shown on the page of its reward",
    "surveys.PointsEntry": "the sum is shown to whoever has the points",
    "feedback.Upload": "waits a day at most for the message that it belongs to",
    "feedback.Notification": "for the person it is for, in their list",
    "feedback.NotificationChoice": "chosen by each person on their own page",
    "feedback.Presence": "true for seconds only",
    "surveys.Answer": "shown with its response",
    "surveys.Choice": "inline of the question",
    "surveys.ContactEvent": "counted by the contact rules only",
    "analytics.DemoCompany": "made by `manage.py demo`, removed on the set-up page",
    "kernel.Beat": "shown by /readyz",
    "kernel.PeriodicJob": "shown by /metrics",
    "kernel.AbandonedJob": "counts for the supervisor only",
    "kernel.RateCount": "counts for the limits only",
    "kernel.IdempotencyRecord": "technical; removed after a day",
}


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def floor_of(path):
    parts = path.relative_to(ROOT).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 else ""


def test_imports_go_down_only():
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_heart_does_not_know_the_web():
    def known(path):
        return [module for module in imported_modules(path) if module.startswith(WEB)]

    assert offenders([one for one in SOURCES if floor_of(one) in HEART], known) == {}


def test_pure_rules_know_no_database():
    def known(path):
        return [
            module
            for module in imported_modules(path)
            if module.startswith(("django.db", "psycopg")) or ".models" in module
        ]

    assert offenders([one for one in SOURCES if floor_of(one) in PURE], known) == {}


def test_only_services_announce():
    others = [one for one in SOURCES if "services" not in one.parts]
    assert offenders(others, lambda path: "announce" in set(imported_names(path))) == {}


def all_events():
    for app in APPS[:-1]:
        if (ROOT / app / "events.py").exists():
            module = importlib.import_module(f"{app}.events")
            for _, cls in inspect.getmembers(module, inspect.isclass):
                if issubclass(cls, Event) and cls is not Event:
                    yield cls


def test_every_wire_has_two_ends():
    events = {cls.name(): {f.name for f in fields(cls)} for cls in all_events()}
    assert set(settings.EVENT_SUBSCRIBERS) <= set(events)
    for name, listeners in settings.EVENT_SUBSCRIBERS.items():
        for listener in listeners:
            assert set(inspect.signature(import_string(listener)).parameters) == events[name]


def test_every_event_is_announced_somewhere():
    announced = "\n".join(p.read_text() for p in SOURCES if "services" in p.parts)
    assert [cls.__name__ for cls in all_events() if f"{cls.__name__}(" not in announced] == []


def test_every_queued_path_exists():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            is_enqueue = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "enqueue"
            )
            if is_enqueue and isinstance(node.args[0], ast.Constant):
                assert import_string(node.args[0].value), name_of(path)


def pages(patterns, namespace=""):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from pages(entry.url_patterns, entry.namespace or namespace)
        elif isinstance(entry, URLPattern):
            module = getattr(entry.callback, "__module__", "")
            name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
            yield name, module, entry.callback


def our_pages():
    for name, module, view in pages(get_resolver().url_patterns):
        is_api = hasattr(view, "cls")
        if module.partition(".")[0] in APPS and not is_api and not name.startswith("admin:"):
            yield name, view


def test_every_page_says_who_may_enter():
    silent = sorted({name for name, view in our_pages() if not getattr(view, "access", None)})
    assert silent == []


def test_every_api_view_names_scope_and_permission():
    for name, module, view in pages(get_resolver().url_patterns):
        cls = getattr(view, "cls", None)
        if cls is None or module.partition(".")[0] not in APPS or name in OPEN_API:
            continue
        assert getattr(cls, "read_scope", None) or getattr(cls, "write_scope", None), name
        assert getattr(cls, "read_permission", None) or getattr(cls, "write_permission", None), (
            name
        )


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_migrations_are_named_and_linear():
    for app in [*APPS[:-1], "config/kernel"]:
        names = [p.name for p in (ROOT / app / "migrations").glob("0*.py")]
        # Beside those that it replaces (ADR 15).
        numbers = [one[:4] for one in names if one != "0001_the_beginning.py"]
        assert len(numbers) == len(set(numbers)), app
        assert not list((ROOT / app / "migrations").glob("*_auto_*.py"))


def test_every_template_compiles_and_is_used():
    sources = "\n".join(p.read_text() for p in SOURCES)
    templates = sorted((ROOT / "templates").rglob("*.*"))
    texts = {p: p.read_text() for p in templates if p.suffix in {".html", ".txt", ".xml", ".js"}}
    engine = engines["django"]
    unused = []
    for path in texts:
        name = str(path.relative_to(ROOT / "templates"))
        engine.get_template(name)
        # Found by name by Django or allauth themselves.
        if name.split("/", maxsplit=1)[0] in {
            "admin",
            "account",
            "allauth",
            "django",
            "mfa",
            "usersessions",
        }:
            continue
        if name in {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}:
            continue
        mentioned = name in sources or any(
            name in text for other, text in texts.items() if other != path
        )
        if not mentioned:
            unused.append(name)
    assert unused == []


def test_every_model_is_in_the_admin_or_says_why_not():
    missing = []
    for app in [*APPS[:-1], "kernel"]:
        for model in apps.get_app_config(app).get_models():
            is_history = hasattr(model, "pgh_tracked_model")
            if not is_history and model not in admin.site._registry:
                missing.append(model._meta.label)
    assert sorted(set(missing) - set(NOT_IN_ADMIN)) == []


def test_nobody_is_excused_from_the_admin_for_nothing():
    labels = {model._meta.label for model in apps.get_models()}
    registered = {model._meta.label for model in admin.site._registry}
    assert set(NOT_IN_ADMIN) <= labels - registered


def test_no_file_is_called_utils():
    bad = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [name_of(p) for p in SOURCES if p.name in bad] == []


def test_templates_hold_no_inline_style_or_script():
    def wrong(path):
        text = path.read_text()
        tags = [piece.partition(">")[0] for piece in text.split("<script")[1:]]
        inline = [tag for tag in tags if " src=" not in tag and "application/json" not in tag]
        return inline + [word for word in (" style=", " onclick=") if word in text]

    # Mail clients know nothing else; the browser never sees these as pages.
    pages = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if "email" not in path.parts and path.name != "mail.html"
    ]
    assert offenders(pages, wrong) == {}
