"""What the worker runs: shells, each safe to run twice."""

import logging

from django.conf import settings
from django.core.files.base import ContentFile

from accounts.rules.demo_logins import DEMO_PASSWORD
from analytics.demo.make import make_demo
from analytics.demo.remove import remove_demo
from analytics.distribution.publication_mail import write_notice
from analytics.distribution.report_pages import report_as_pdf
from analytics.enums import TextTask
from analytics.models import DemoCompany, ReportVersion
from analytics.services.alert_watch import watch_days, watch_now
from analytics.services.board_mail import send_due_boards
from analytics.services.boards import forget_removed
from analytics.services.customer_privacy import forget_readings_of
from analytics.services.demo_order import removal_failed
from analytics.services.drifting import watch_drift
from analytics.services.improvement_privacy import forget_quotes_of
from analytics.services.learning import learn_alone, learn_what_is_due, order_learning
from analytics.services.publication_merging import give_back_said, take_over_said
from analytics.services.publication_privacy import forget_published_of
from analytics.services.publication_telling import tell_some
from analytics.services.reading import read_feedback, read_message, read_response
from analytics.services.reading_again import read_undecided_again
from analytics.services.reading_backlog import read_backlog, read_unread
from analytics.services.reminding_owners import ask_for_effects, remind_owners
from analytics.services.report_files import keep_pdf
from analytics.services.report_schedules import draft_due_reports
from analytics.services.rolling_up import roll_up_due
from analytics.services.topics import find_ordered_topics, order_what_is_old
from analytics.services.week_mail import send_due_weeks
from config.kernel.live import tell_pages
from config.kernel.pdf import NoPdf
from feedback.services.assessing import go_unread

logger = logging.getLogger(__name__)


def make_demo_company() -> None:
    """Ordered on the set-up page."""
    if not DemoCompany.objects.exists():
        make_demo(password=DEMO_PASSWORD if settings.DEBUG else None)
    tell_pages("demo")


def remove_demo_company() -> None:
    """Ordered on the set-up page, which says what came of it; an order that failed is not tried
    again behind people's backs."""
    if not DemoCompany.objects.filter(removal_ordered_at__isnull=False).exists():
        return
    try:
        remove_demo()
    except Exception:  # whatever it is: nothing is half gone, and somebody waits for an answer
        logger.exception("the demo company could not be removed")
        removal_failed()
    else:
        order_learning()
        tell_pages("demo")


def send_dashboards() -> None:
    """Those that somebody wants by mail and that are due."""
    send_due_boards()
    forget_removed()


def read_new_feedback(*, feedback_id: int) -> None:
    """Listens to feedback.FeedbackReceived; what routes the record waits for it a moment, and
    not at all for what is never read: spam, and what holds no word of a customer."""
    try:
        is_read = read_feedback(feedback_id)
    except Exception:  # nobody's feedback may wait because it could not be read
        logger.exception("feedback %s could not be read", feedback_id)
        is_read = False
    if not is_read:
        go_unread(feedback_id)


def read_new_message(*, feedback_id: int, message_id: int) -> None:
    """Listens to feedback.MessageReceived."""
    read_message(message_id)


def read_taken_from_spam(*, feedback_id: int) -> None:
    """Listens to feedback.FeedbackTakenFromSpam."""
    read_unread(feedback_id)


def read_new_response(*, response_id: int) -> None:
    """Listens to surveys.ResponseSubmitted."""
    read_response(response_id)


def read_corrected_response(*, response_id: int) -> None:
    """Listens to surveys.ResponseCorrected."""
    read_response(response_id)


def read_texts_of_before() -> None:
    read_backlog()
    read_undecided_again()


def learn_from_decisions() -> None:
    """Models of this company, where there is a reason to train one."""
    learn_what_is_due()


def watch_what_comes_in() -> None:
    """Whether texts are still like those that models were taught with."""
    watch_drift()


def learn_now(*, task: str) -> None:
    """Ordered on the page of models."""
    learn_alone(TextTask(task))


def find_topics() -> None:
    """Ordered on the page of topics."""
    find_ordered_topics()


def refresh_topics() -> None:
    """The usual topics by night, and what a worker left undone."""
    order_what_is_old()
    find_ordered_topics()


def roll_up() -> None:
    """Days that changed, and those that were never rolled up."""
    roll_up_due()


def forget_readings(*, feedback_id: int) -> None:
    """Listens to feedback.FeedbackAnonymised."""
    forget_readings_of([feedback_id])
    forget_quotes_of([feedback_id])
    forget_published_of([feedback_id])


def take_over_customer(*, merge_id: int) -> None:
    """Listens to accounts.CustomersMerged."""
    take_over_said(merge_id)


def give_back_customer(*, merge_id: int, by_id: int) -> None:
    """Listens to accounts.CustomersSeparated."""
    give_back_said(merge_id)


def remind_owners_of_measures() -> None:
    """Those under way that are due, or were; those carried out whose effect is to be measured."""
    remind_owners()
    ask_for_effects()


def make_report_pdf(*, version_id: int) -> None:
    """Ordered when a report is issued."""
    version = ReportVersion.objects.filter(pk=version_id).first()
    if version is None or version.file:
        return
    try:
        made = report_as_pdf(version.document)
    except NoPdf:  # the page of the report is still there, and prints
        logger.warning("report %s has no PDF: Pango is not installed", version.report_id)
        return
    keep_pdf(version_id, ContentFile(made))


def send_weeks() -> None:
    """The mail about last week, when work begins."""
    send_due_weeks()


def draft_reports() -> None:
    """What schedules want to be drafted today."""
    draft_due_reports()


def raise_alerts() -> None:
    """What days that are over say, and what cannot wait until then."""
    watch_days()
    watch_now()


def tell_of_publication(*, publication_id: int, after: int = 0) -> None:
    """Ordered when customers are to be told what came of their feedback."""
    tell_some(publication_id, write_notice, after=after)
