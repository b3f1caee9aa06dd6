"""The addresses of the API: /api/v1/, its OpenAPI document and its reading room."""

import sys

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.defaults import server_error as server_error_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter

from accounts.access import public
from accounts.api.availability import AvailabilityViewSet
from accounts.api.customer_tags import CustomerTagViewSet
from accounts.api.customers import CustomerViewSet
from accounts.api.mail_limits import (
    AutomaticMailViewSet,
    BlockedAddressViewSet,
    MailLimitsViewSet,
)
from accounts.api.organisations import OrganisationViewSet
from accounts.api.outgoing import OutgoingMailViewSet
from accounts.api.personal_data import PersonalDataRulesViewSet
from accounts.api.privacy import PrivacyViewSet
from accounts.api.settings import SettingsViewSet
from accounts.api.teams import StaffViewSet, TeamViewSet
from accounts.api.webhooks import DeliveryViewSet, WebhookViewSet
from analytics.api.alert_paths import ALERTS
from analytics.api.assessments import AssessmentViewSet
from analytics.api.board_paths import BOARDS
from analytics.api.culture_paths import CULTURE
from analytics.api.improvement_paths import IMPROVEMENT
from analytics.api.keywords import KeywordsViewSet
from analytics.api.measure_effects import BusinessCaseViewSet, MeasureEffectsViewSet
from analytics.api.models import TextModelViewSet
from analytics.api.publications import PublicationViewSet
from analytics.api.reports import ReportViewSet
from analytics.api.sentiment import SentimentViewSet
from analytics.api.shared_results import SharedResultsViewSet
from analytics.api.survey_results import SurveyResultsViewSet
from analytics.api.text_wording import TextWordingViewSet
from analytics.api.topics import TopicsViewSet
from config.kernel.api import plain_problem
from feedback.api.attachments import AttachmentViewSet
from feedback.api.automation import (
    AutomationPauseViewSet,
    AutomationRuleViewSet,
    AutomationRunViewSet,
)
from feedback.api.bulk_jobs import BulkJobViewSet, ExportViewSet
from feedback.api.checklists import ChecklistViewSet
from feedback.api.columns import ColumnsViewSet
from feedback.api.commitments import CommitmentViewSet
from feedback.api.compensation_limits import CompensationLimitViewSet
from feedback.api.custom_fields import CustomFieldViewSet
from feedback.api.customer_story import CustomerStoryViewSet, OrganisationStoryViewSet
from feedback.api.distribution import DistributionViewSet
from feedback.api.form_definitions import FormViewSet
from feedback.api.holiday_feeds import HolidayFeedViewSet
from feedback.api.macros import MacroViewSet
from feedback.api.mailboxes import InboundMailViewSet, MailboxViewSet
from feedback.api.negative import TraceViewSet
from feedback.api.negative_rule import NegativeRuleViewSet
from feedback.api.notifications import NotificationViewSet
from feedback.api.reopening import ReopenPolicyViewSet
from feedback.api.reply_templates import ReplyTemplateViewSet
from feedback.api.retention import RetentionRuleViewSet, RetentionRunViewSet
from feedback.api.revealing import RevealViewSet
from feedback.api.routing import RoutingRuleViewSet
from feedback.api.saved_views import SavedViewViewSet
from feedback.api.search import SearchViewSet
from feedback.api.service_levels import CalendarViewSet, PolicyViewSet
from feedback.api.signatures import SignatureViewSet
from feedback.api.sla_events import SLAEventViewSet
from feedback.api.statuses import StatusViewSet
from feedback.api.suggestions import SuggestionsViewSet
from feedback.api.tasks import TaskViewSet
from feedback.api.unsent import ScheduledReplyViewSet
from feedback.api.views import FeedbackViewSet
from feedback.api.words import CategoryViewSet, ProductViewSet, TagViewSet
from surveys.api.bank import QuestionBankViewSet, SurveyTemplateViewSet
from surveys.api.collectors import CollectorViewSet
from surveys.api.comments import SurveyCommentViewSet
from surveys.api.exporting import SurveyExportViewSet
from surveys.api.gatherings import BookingViewSet, GatheringViewSet
from surveys.api.importing import SurveyImportViewSet
from surveys.api.invitations import InvitationViewSet
from surveys.api.mailings import MailingViewSet
from surveys.api.papers import PaperBatchViewSet
from surveys.api.plans import PlanViewSet
from surveys.api.response_imports import ResponseImportViewSet
from surveys.api.rewards import GrantViewSet, PointsViewSet, RewardViewSet
from surveys.api.views import ResponseViewSet, SurveyViewSet

RETRY_AFTER = 5  # seconds


@public
@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return plain_problem(request, 404, "not_found", _("There is no such address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: programs get a problem document, people the page. 503 when PostgreSQL was
    away or too busy, so that programs and proxies know that a repeat may succeed in a moment."""
    is_outage = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith("/api/"):
        status, code = (503, "unavailable") if is_outage else (500, "error")
        response = plain_problem(request, status, code, _("Something went wrong on our side."))
    else:
        response = server_error_page(request)
    if is_outage:
        response.status_code = 503
        response["Retry-After"] = str(RETRY_AFTER)
    return response


class SchemaView(SpectacularAPIView):
    """There is one version, that of the address: `?version=` would end in a header."""

    def _get_version_parameter(self, request: Request) -> None:
        return None


router = SimpleRouter(use_regex_path=False)
router.register("feedback", FeedbackViewSet, "feedback")
router.register("scheduled-replies", ScheduledReplyViewSet, "scheduled-reply")
router.register("commitments", CommitmentViewSet, "commitment")
router.register("quality-traces", TraceViewSet, "quality-trace")
router.register("tasks", TaskViewSet, "task")
router.register("suggestions", SuggestionsViewSet, "suggestion")
router.register("checklists", ChecklistViewSet, "checklist")
router.register("bulk-jobs", BulkJobViewSet, "bulk-job")
router.register("exports", ExportViewSet, "export")
router.register("saved-views", SavedViewViewSet, "saved-view")
router.register("attachments", AttachmentViewSet, "attachment")
router.register("categories", CategoryViewSet, "category")
router.register("products", ProductViewSet, "product")
router.register("tags", TagViewSet, "tag")
router.register("compensation-limits", CompensationLimitViewSet, "compensation-limit")
router.register("statuses", StatusViewSet, "status")
router.register("retention-rules", RetentionRuleViewSet, "retention-rule")
router.register("retention-runs", RetentionRunViewSet, "retention-run")
router.register("reopen-policies", ReopenPolicyViewSet, "reopen-policy")
router.register("reply-templates", ReplyTemplateViewSet, "reply-template")
router.register("macros", MacroViewSet, "macro")
router.register("signatures", SignatureViewSet, "signature")
router.register("service-levels", PolicyViewSet, "service-level")
router.register("sla-events", SLAEventViewSet, "sla-event")
router.register("calendars", CalendarViewSet, "calendar")
router.register("holiday-feeds", HolidayFeedViewSet, "holiday-feed")
router.register("routing-rules", RoutingRuleViewSet, "routing-rule")
router.register("team-distributions", DistributionViewSet, "team-distribution")
router.register("mailboxes", MailboxViewSet, "mailbox")
router.register("inbound-mails", InboundMailViewSet, "inbound-mail")
router.register("notifications", NotificationViewSet, "notification")
router.register("automation-pauses", AutomationPauseViewSet, "automation-pause")
router.register("automation-rules", AutomationRuleViewSet, "automation-rule")
router.register("automation-runs", AutomationRunViewSet, "automation-run")
router.register("custom-fields", CustomFieldViewSet, "custom-field")
router.register("forms", FormViewSet, "form")
router.register("teams", TeamViewSet, "team")
router.register("staff", StaffViewSet, "staff")
router.register("customer-tags", CustomerTagViewSet, "customer-tag")
router.register("settings", SettingsViewSet, "setting")
router.register("blocked-addresses", BlockedAddressViewSet, "blocked-address")
router.register("outgoing-mail", OutgoingMailViewSet, "outgoing-mail")
router.register("webhooks", WebhookViewSet, "webhook")
router.register("webhook-deliveries", DeliveryViewSet, "webhook-delivery")
router.register("customers", CustomerViewSet, "customer")
router.register("organisations", OrganisationViewSet, "organisation")
router.register("privacy-requests", PrivacyViewSet, "privacy-request")
router.register("surveys", SurveyViewSet, "survey")
router.register("survey-imports", SurveyImportViewSet, "survey-import")
router.register("survey-templates", SurveyTemplateViewSet, "survey-template")
router.register("question-bank", QuestionBankViewSet, "question-bank")
router.register("paper-batches", PaperBatchViewSet, "paper-batch")
router.register("survey-invitations", InvitationViewSet, "survey-invitation")
router.register("survey-collectors", CollectorViewSet, "survey-collector")
router.register("gatherings", GatheringViewSet, "gathering")
router.register("bookings", BookingViewSet, "booking")
router.register("responses", ResponseViewSet, "response")
router.register("reports", ReportViewSet, "report")
router.register("publications", PublicationViewSet, "publication")
router.register("reveals", RevealViewSet, "reveal")
router.register("response-imports", ResponseImportViewSet, "response-import")
router.register("reward-grants", GrantViewSet, "reward-grant")

negative_rule = NegativeRuleViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
personal_data_rules = PersonalDataRulesViewSet.as_view(
    {"get": "retrieve", "patch": "partial_update"}
)
mail_limits = MailLimitsViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
automatic_mail = AutomaticMailViewSet.as_view({"get": "retrieve"})
stop_mail = AutomaticMailViewSet.as_view({"post": "stop"})
resume_mail = AutomaticMailViewSet.as_view({"post": "resume"})
availability = AvailabilityViewSet.as_view({"get": "retrieve", "put": "update"})
columns = ColumnsViewSet.as_view({"get": "retrieve", "put": "update"})
search = SearchViewSet.as_view({"get": "retrieve"})
# What feedback knows of customers, whose own endpoints stand below it.
customer_story = CustomerStoryViewSet.as_view({"get": "retrieve"})
organisation_story = OrganisationStoryViewSet.as_view({"get": "retrieve"})
points = PointsViewSet.as_view({"get": "retrieve"})
# Of each survey, and of each way by e-mail, there is one of these.
survey_plan = PlanViewSet.as_view({"get": "retrieve", "put": "update"})
survey_comments = SurveyCommentViewSet.as_view({"get": "list", "post": "create"})
survey_comment = SurveyCommentViewSet.as_view({"patch": "partial_update", "delete": "destroy"})
survey_reward = RewardViewSet.as_view({"get": "retrieve", "put": "update"})
reward_coupons = RewardViewSet.as_view({"post": "coupons"})
reward_draw = RewardViewSet.as_view({"post": "draw"})
mailing = MailingViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
mailing_waves = MailingViewSet.as_view({"get": "waves", "post": "begin", "delete": "cancel"})
survey_export = SurveyExportViewSet.as_view({"get": "retrieve"})
# How texts were read, and what people say of it.
to_review = AssessmentViewSet.as_view({"get": "list"})
assessment = AssessmentViewSet.as_view({"get": "retrieve"})
review = AssessmentViewSet.as_view({"post": "review"})
text_models = TextModelViewSet.as_view({"get": "list"})
text_model = TextModelViewSet.as_view({"get": "retrieve"})
learn = TextModelViewSet.as_view({"post": "learn"})
model_back = TextModelViewSet.as_view({"post": "back"})
# What analytics makes of a survey.
survey_results = SurveyResultsViewSet.as_view({"get": "retrieve"})
survey_crosstab = SurveyResultsViewSet.as_view({"get": "crosstab"})
survey_shares = SharedResultsViewSet.as_view({"get": "list", "post": "create"})
keywords = KeywordsViewSet.as_view({"get": "retrieve"})
topics = TopicsViewSet.as_view({"get": "retrieve"})
find_topics = TopicsViewSet.as_view({"post": "find"})
topic = TopicsViewSet.as_view({"patch": "partial_update"})
sentiment = SentimentViewSet.as_view({"get": "retrieve"})
# Of each measure.
business_case = BusinessCaseViewSet.as_view({"get": "retrieve", "put": "update"})
measure_effects = MeasureEffectsViewSet.as_view({"get": "list", "post": "create"})
text_wording = TextWordingViewSet.as_view({"get": "retrieve", "patch": "partial_update"})
shared_result = SharedResultsViewSet.as_view({"delete": "destroy"})

# Swagger UI brings its style in the page; nowhere else may a page do that.
docs = csp_update({"style-src": [UNSAFE_INLINE]})(
    require_safe(
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")
    )
)

app_name = "api"
urlpatterns = [
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    # Of these there is one.
    path("v1/negative-rule/", negative_rule, name="negative-rule"),
    path("v1/text-wording/", text_wording, name="text-wording"),
    path("v1/automatic-mail/", automatic_mail, name="automatic-mail"),
    path("v1/automatic-mail/stop/", stop_mail, name="automatic-mail-stop"),
    path("v1/automatic-mail/resume/", resume_mail, name="automatic-mail-resume"),
    path("v1/mail-limits/", mail_limits, name="mail-limits"),
    path("v1/personal-data-rules/", personal_data_rules, name="personal-data-rules"),
    path("v1/availability/", availability, name="availability"),
    path("v1/columns/", columns, name="columns"),
    path("v1/search/", search, name="search"),
    path("v1/to-review/", to_review, name="to-review"),
    path("v1/measures/<int:pk>/business-case/", business_case, name="business-case"),
    path("v1/measures/<int:pk>/effects/", measure_effects, name="measure-effects"),
    path("v1/text-models/", text_models, name="text-models"),
    path("v1/text-models/learn/", learn, name="text-models-learn"),
    path("v1/text-models/<int:pk>/", text_model, name="text-model"),
    path("v1/text-models/<int:pk>/back/", model_back, name="text-model-back"),
    path("v1/feedback/<int:number>/assessment/", assessment, name="feedback-assessment"),
    path("v1/feedback/<int:number>/review/", review, name="feedback-review"),
    path("v1/customers/<int:pk>/story/", customer_story, name="customer-story"),
    path("v1/organisations/<int:pk>/story/", organisation_story, name="organisation-story"),
    path("v1/customers/<int:pk>/points/", points, name="customer-points"),
    path("v1/surveys/<uuid:id>/plan/", survey_plan, name="survey-plan"),
    path("v1/surveys/<uuid:id>/comments/", survey_comments, name="survey-comments"),
    path("v1/survey-comments/<int:pk>/", survey_comment, name="survey-comment"),
    path("v1/surveys/<uuid:id>/reward/", survey_reward, name="survey-reward"),
    path("v1/surveys/<uuid:id>/reward/coupons/", reward_coupons, name="survey-coupons"),
    path("v1/surveys/<uuid:id>/reward/draw/", reward_draw, name="survey-draw"),
    path("v1/survey-collectors/<int:pk>/mailing/", mailing, name="survey-mailing"),
    path("v1/survey-collectors/<int:pk>/waves/", mailing_waves, name="survey-waves"),
    path("v1/surveys/<uuid:id>/export/", survey_export, name="survey-export"),
    path("v1/surveys/<uuid:id>/results/", survey_results, name="survey-results"),
    path("v1/surveys/<uuid:id>/crosstab/", survey_crosstab, name="survey-crosstab"),
    path("v1/surveys/<uuid:id>/shares/", survey_shares, name="survey-shares"),
    path("v1/shared-results/<int:pk>/", shared_result, name="shared-result"),
    path("v1/keywords/", keywords, name="keywords"),
    *IMPROVEMENT,
    *ALERTS,
    *BOARDS,
    *CULTURE,
    path("v1/topics/", topics, name="topics"),
    path("v1/topics/find/", find_topics, name="find-topics"),
    path("v1/topics/<int:pk>/", topic, name="topic"),
    path("v1/sentiment/", sentiment, name="sentiment"),
    path("v1/", include(router.urls)),
    path("docs/", docs, name="docs"),
    re_path("", nothing_here),
]
