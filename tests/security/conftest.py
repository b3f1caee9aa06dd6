"""A product in which something of everything is there, all of it one team's."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import OutgoingMessage
from accounts.services.customer_tags import add_customer_note
from accounts.services.webhooks import create_webhook, ping_webhook
from analytics.enums import AlertKind, BoardScope, CauseMethod, MeasureKind
from analytics.models import (
    Alert,
    AlertEvidence,
    PublicationComment,
    PublicationNotice,
    PublicationQuote,
    PublicPage,
)
from analytics.rules.tiles import TilePlan
from analytics.services.alert_rules import save_rule
from analytics.services.boards import add_tile, make_board, save_board
from analytics.services.evidence import add_evidence
from analytics.services.measure_steps import add_step
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from analytics.services.publications import check_publication, draft_publication, publish
from analytics.services.report_comments import write_comment
from analytics.services.report_files import keep_pdf
from analytics.services.report_schedules import save_schedule
from analytics.services.report_sharing import share_report
from analytics.services.root_causes import add_cause, begin_analysis
from config.kernel.tokens import signature
from feedback.enums import BulkAction, Channel, LinkSide, ViewScope
from feedback.models import (
    Attachment,
    Feedback,
    FormDefinition,
    InboundMail,
    ListExport,
    SavedView,
)
from feedback.services.attachments import IncomingFile
from feedback.services.bulk_jobs import order_job
from feedback.services.conversation import add_customer_message
from feedback.services.drafts import save_draft
from feedback.services.followup import plan_call_back
from feedback.services.links import link_feedback
from feedback.services.saved_views import save_view
from feedback.services.scheduling import schedule_reply
from surveys.models import GatheringNote
from surveys.services.answering import submit_response
from surveys.views.answer_ways import DRAFT, THANKS
from tests.conftest import client_of, member
from tests.factories import (
    CustomFieldFactory,
    FeedbackFactory,
    MacroFactory,
    MailboxFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.reports import issued_report
from tests.factories.surveys import make_gathering, make_survey, open_link, sent, sign_up
from tests.support.database import made_once

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


# Pages whose `pk` is that of a saved view or of a change to many records.
KEPT = {
    "change_outgoing": "outgoing",
    "edit_view": "saved",
    "change_view": "saved",
    "bulk_job": "job",
    "bulk_refused": "job",
    "change_job": "job",
    "mailbox": "mailbox",
    "edit_mailbox": "mailbox",
    "change_mailbox": "mailbox",
    "process_mail_again": "mailbox",
    "raw_mail": "mailbox",
    "mail_push": "mailbox",
}


# Pages of surveys whose `pk` is that of an event.
GATHERING = {
    "gathering", "edit_gathering", "copy_gathering", "remove_gathering", "participant_file",
    "participant_sheet", "add_participant", "tick_several", "tick", "change_booking", "add_note",
    "change_note", "change_gathering",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """What is there, and which part of a path names it."""

    parts: dict[str, Any]

    def parts_for(self, name: str) -> dict[str, Any]:
        """The parts of the paths of one address: `pk` and `key` mean different things."""
        app, _, page = name.partition(":")
        wanted = dict(self.parts)
        if (
            page.startswith("customer")
            or "contact" in page
            or page in {"edit_customer", "consent", "merge_customer", "separate_customer"}
        ):
            wanted["pk"] = self.parts["customer"]
        if page in KEPT:
            wanted["pk"] = self.parts[KEPT[page]]
        if page in {"list_export", "export_file"}:
            wanted["key"] = self.parts["export"]
        if page in {"scheduled", "take_over_draft"}:
            wanted["pk"] = self.parts[page]
        if "webhook" in page or page == "resend_delivery":
            wanted |= {"pk": self.parts["webhook"], "what": "ping"}
        kept = {
            "edit_template": "reply", "change_template": "reply", "record_macro": "macro",
            "edit_macro": "macro", "change_macro": "macro", "edit_form": "form",
            "change_form": "form",
        }  # fmt: skip
        wanted["pk"] = self.parts[kept[page]] if page in kept else wanted["pk"]
        wanted["kind"] = {
            "new_commitment": "solution",
            "qr": "svg",
            "tile_file": "csv",
            "cross_file": "csv",
        }.get(page, wanted["kind"])
        if app == "api":
            kind = page.partition("-")[0]
            wanted["pk"] = self.parts.get(kind, self.parts["pk"])
            wanted["code"] = {"status": "open", "product": "p"}.get(kind, "service")
            wanted["id"] = self.parts["response" if kind == "response" else "slug"]
        if "custom_field" in page or page.startswith("custom-field"):
            wanted["pk"] = self.parts["custom_field"]
        if app == "surveys":
            wanted |= self._of_surveys(page)
        if page == "new_alert_rule":
            wanted["kind"] = "negative"
        return wanted | self._of_reports(app, page) | self._of_publications(app, page)

    def _of_reports(self, app: str, page: str) -> dict[str, Any]:
        if app == "api" and page.startswith("report-"):
            return {"pk": self.parts["report"]}
        if app != "analytics" or "report" not in page:
            return {}
        which = "schedule" if "schedule" in page else "report"
        about = {"pk": self.parts[which], "number": 1, "kind": "analysis"}
        return about | {"token": self.parts["shared_report"]}

    def _of_publications(self, app: str, page: str) -> dict[str, Any]:
        if app == "api" and page.startswith("publication-"):
            return {"pk": self.parts["publication"]}
        if app != "analytics":
            return {}
        if page == "publish_what_came":
            return {"kind": "measure", "pk": self.parts["measure"]}
        named = {"vote_on", "comment_on", "decide_comment", "tell_customers", "quote_consent"}
        if "publi" not in page and page not in named:
            return {}
        what = {"short": "en", "year": 2026, "quarter": 3, "what": "check"}
        is_public = page.startswith("published") or page in {"vote_on", "comment_on"}
        which = self.parts["published" if is_public else "publication"]
        link = self.parts["quote_link" if page == "quote_consent" else "notice_link"]
        return what | {"pk": which, "comment": self.parts["plan_comment"], "token": link}

    def _of_surveys(self, page: str) -> dict[str, Any]:
        wanted: dict[str, Any] = {}
        wanted["key"] = self.parts["response"]
        wanted["pk"] = self.parts["survey"]
        wanted["token"] = self.parts["invitation"]
        if page in GATHERING:
            wanted["pk"] = self.parts["gathering"]
        if page in {"sign_up", "signed_up"}:
            wanted["slug"] = self.parts["gathering_slug"]
        if page.startswith("booking"):
            wanted["token"] = self.parts["booking_token"]
        if page in {"answer_openly", "open_thanks", "resume"}:
            wanted["token"] = self.parts["collector"]
            wanted["key"] = self.parts["open_response"]
            purpose = THANKS if page == "open_thanks" else DRAFT
            wanted["mac"] = signature(purpose, str(wanted["key"]))
        return wanted


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """Made once for all tests of a module that want it: it takes longer than most of them."""

    def make():
        team = TeamFactory()
        return world_of(team), strangers(team)

    with made_once("scene", make, django_db_blocker) as scene:
        yield scene


@pytest.fixture
def world(scene, db):
    return scene[0]


@pytest.fixture
def everybody(scene, db):
    return scene[1]


def world_of(team) -> World:
    MailboxFactory(team=team)
    template, macro = ReplyTemplateFactory(team=team), MacroFactory(team=team)
    record = FeedbackFactory(team=team)
    message = add_customer_message(
        record.pk,
        channel=Channel.EMAIL,
        text="It leaks.",
        html="<p>It leaks.</p>",
        files=[IncomingFile("logo.svg", SVG)],
    )
    task = plan_call_back(record, reason="low_score")
    asked = sent(FeedbackFactory(team=team), by=UserFactory(team=team))
    answers = {"overall": 4, "solved": "yes", "comment": "好"}
    response = submit_response(
        asked.collector_id, answers=answers, language="en", invitation_id=asked.pk
    ).response
    survey = make_survey(team=team)
    collector = open_link(survey)
    openly = submit_response(
        collector.pk, answers=answers, language="en", idempotency_key="x"
    ).response
    customer = record.customer
    writer = member(Role.AGENT, team)
    draft = save_draft(record.pk, by=writer, kind="reply", text="Half a sentence")
    later = schedule_reply(
        record.pk,
        by=writer,
        text="Good morning",
        send_at=timezone.now() + timedelta(days=1),
    )
    other = FeedbackFactory(team=team)
    link = link_feedback(record.pk, other_id=other.pk, side=LinkSide.RELATED, by=writer)
    kept = save_view(
        SavedView(name_en="Ours", scope=ViewScope.TEAM, team=team, view="open"),
        by=member(Role.LEAD, team),
    )
    told, _ = create_webhook(
        by=None,
        name="Shop",
        url="https://shop.example.org/",
        event_types=["feedback.created"],
    )
    job = order_job(
        Feedback.objects.filter(pk=record.pk),
        by=writer,
        action=BulkAction.TAG,
        params={"tag": "x"},
    )
    arrived = InboundMail.objects.create(mailbox=MailboxFactory(), raw=b"x", sha256="0", size=1)
    booking = sign_up(make_gathering(team=team))
    noted = GatheringNote.objects.create(gathering=booking.gathering, text="It drips.", key="x")
    export = ListExport.objects.create(key=uuid4(), by=writer, format="csv", language="en")
    return World(
        parts={
            "kind": "feedback.category",
            "code": "q1",
            "webhook": told.pk,
            "delivery_id": ping_webhook(told.pk, by=None).pk,
            "outgoing": OutgoingMessage.objects.latest("pk").pk,
            "number": record.number,
            **improvement_of(team, record),
            **board_of(team),
            **report_of(team),
            **publication_of(team, record),
            **alert_of(team, record),
            "other": other.number,
            "link_id": link.pk,
            "message_id": message.pk,
            "key": Attachment.objects.get().key,
            "token": record.status_token,
            "pk": task.pk,
            "gathering": booking.gathering_id,
            "gathering_slug": booking.gathering.slug,
            "booking_token": booking.token,
            "booking": booking.pk,
            "booking_id": booking.pk,
            "note_id": noted.pk,
            "customer": customer.pk,
            "saved": kept.pk,
            "mailbox": arrived.mailbox_id,
            "inbound": arrived.pk,
            "mail_id": arrived.pk,
            "job": job.pk,
            "export": export.key,
            "scheduled": later.pk,
            "take_over_draft": draft.pk,
            "form": FormDefinition.objects.first().pk,
            "form_code": "feedback",
            "custom_field": CustomFieldFactory(kind="integer", default=3).pk,
            "reply": template.pk,
            "macro": macro.pk,
            "whose": str(team.pk),
            "role": "agent",
            "draft": draft.pk,
            "user": writer.pk,
            "contact_id": customer.contact_points.get().pk,
            "contact": customer.contact_points.get().pk,
            "note": add_customer_note(customer.pk, text="x", by=writer).pk,
            "step": task.items.first().pk,
            "day": "2026-12-24",
            "what": "status",
            "slug": response.survey.slug,
            "response": response.key,
            "invitation": asked.token,
            "collector": collector.token,
            "survey": asked.collector_id,
            "open_response": openly.key,
            "team": team.pk,
            # Of Django and allauth.
            "object_id": record.pk,
            "app_label": "feedback",
            "content_type_id": 1,
            "url": "feedback/x",
            "uidb36": "1",
            "verb": "x",
            "action": "x",
        },
    )


def alert_of(team, record) -> dict[str, Any]:
    """An alert of the team, and the rule that raised it."""
    lead, day = member(Role.LEAD, team), timezone.localdate()
    rule = save_rule(None, by=lead, kind=AlertKind.NEGATIVE, team=team)
    alert = Alert.objects.create(
        rule=rule, kind=rule.kind, team=team, day=day, last_day=day, value=1, low=0, high=0
    )
    AlertEvidence.objects.create(alert=alert, feedback=record, said_at=record.received_at)
    return {"alert_id": alert.pk, "alert": alert.pk, "rule_id": rule.pk, "rule": rule.pk}


def board_of(team) -> dict[str, Any]:
    """A dashboard of the team with a tile."""
    lead = member(Role.LEAD, team)
    board = make_board(by=lead, name="Ours")
    save_board(board.pk, by=lead, name="Ours", scope=BoardScope.TEAM, team=team)
    tile = add_tile(board.pk, TilePlan("", "volume"))
    return {"board": str(board.pk), "tile": str(tile.pk), "tile_id": tile.pk}


def improvement_of(team, record) -> dict[str, Any]:
    """A problem of the team with something of everything."""
    lead = member(Role.LEAD, team)
    problem = make_problem(by=lead, title="It leaks", team=team)
    add_evidence(problem.pk, by=lead, feedback=[record.pk])
    cause = begin_analysis(problem.pk, CauseMethod.FIVE_WHYS, by=lead)
    measure = propose_measure(problem.pk, by=lead, kind=MeasureKind.PRODUCT, title="Seal it")
    return {
        "problem_id": problem.pk,
        "problem": problem.pk,
        "measure": measure.pk,
        "scheme": "rice",
        "do": "remove",
        "evidence_id": problem.evidence.get().pk,
        "cause_id": cause.pk,
        "node_id": add_cause(cause.pk, by=lead, text="The seal is old").pk,
        "measure_id": measure.pk,
        "step_id": add_step(measure.pk, by=lead, text="Order seals").pk,
    }


def publication_of(team, record) -> dict[str, Any]:
    """A draft about a problem of the team, with a comment of somebody; and a public plan."""
    lead = member(Role.LEAD, team)
    problem = make_problem(by=lead, title="It drips", team=team)
    add_evidence(problem.pk, by=lead, feedback=[record.pk])
    one = draft_publication(by=lead, language="en", problem=problem)
    comment = PublicationComment.objects.create(
        publication=one, text="When?", language="en", submission_key="x"
    )
    PublicPage.objects.create(is_on=True)
    words = {"kind": "plan", "title_en": "Seals", "said_en": "It drips.", "did_en": "We seal it."}
    public = draft_publication(by=lead, language="en", words=words)
    check_publication(public.pk, by=lead)
    publish(public.pk, by=lead)
    about = {"publication": public, "customer": record.customer}
    quote = PublicationQuote.objects.create(
        **about, feedback=record, text="It drips", language="en"
    )
    return {
        "publication": one.pk,
        "published": public.pk,
        "plan_comment": comment.pk,
        "notice_link": PublicationNotice.objects.create(**about).token,
        "quote_link": quote.token,
    }


def report_of(team) -> dict[str, Any]:
    """An issued report with a comment, a link and a schedule; its file is there already."""
    lead = member(Role.LEAD, team)
    report, version = issued_report(lead)
    keep_pdf(version.pk, ContentFile(b"%PDF-1.7"))
    about = {"title": "Monthly", "every": "month", "language": "en", "filters": {}}
    shared = share_report(version.pk, by=lead)
    return {
        "report": report.pk,
        "schedule": save_schedule(None, **about, is_active=True, by=lead).pk,
        "comment": write_comment(report.parts.first().pk, "Why?", by=lead).pk,
        "shared": shared.pk,
        "shared_report": shared.token,
    }


def strangers(team) -> dict[str, Client]:
    """One of each: who may not, who may not there, who may only look, who may, who may all."""
    clients = {
        "nobody": Client(),
        "an agent of another team": client_of(member(Role.AGENT, TeamFactory())),
        "an analyst": client_of(member(Role.ANALYST)),
        "an agent of the team": client_of(member(Role.AGENT, team)),
        "a superuser": client_of(UserFactory(is_staff=True, is_superuser=True)),
    }
    for client in clients.values():
        client.raise_request_exception = False
    return clients
