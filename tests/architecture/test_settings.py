"""What can be set is registered: it has a history, goes into the export and can come back."""

import pytest
from django.apps import apps
from django.urls import Resolver404, resolve

from config.kernel.settings_models import events_of, setting_models

APPS = ("accounts", "feedback", "surveys", "analytics", "kernel")

# Why a model is no setting of its own.
NO_SETTINGS = {
    "what customers told us and what became of it": """
        feedback.Feedback feedback.Message feedback.Attachment feedback.Upload feedback.Draft
        feedback.InboundMail feedback.MailReference feedback.FeedbackLink feedback.NotDuplicate
        feedback.TimelineEntry feedback.Commitment feedback.Task feedback.ChecklistItem
        feedback.NegativeCase feedback.NegativePoint feedback.QualityTrace feedback.LegalHold
        feedback.SLAClock feedback.SLAEvent feedback.FeedbackQuality feedback.Follower
        surveys.Invitation surveys.Response surveys.Answer surveys.ContactEvent
        surveys.Wave surveys.AddressOptOut surveys.ResponseImport surveys.ResponseExport
        surveys.Coupon surveys.QuotaCount surveys.RewardGrant surveys.PointsEntry
        surveys.TallyBlock surveys.Tally
        surveys.AnswerTimes surveys.QualityCheck surveys.QualityDecision
        surveys.AnswerCorrection surveys.PhoneCall surveys.PaperBatch surveys.PaperForm
        surveys.PaperEntry surveys.Booking surveys.GatheringNote""",
    "who our customers are": """
        accounts.Customer accounts.ContactPoint accounts.Consent accounts.CustomerMerge
        accounts.CustomerNote accounts.PrivacyRequest accounts.ForgottenContact""",
    "what was sent, done or counted": """
        accounts.OutgoingMessage accounts.OutgoingQueue accounts.MailStop accounts.CaughtMail
        accounts.WebhookEvent
        accounts.WebhookDelivery feedback.AutomationEvent feedback.AutomationRun
        feedback.AutomationPause feedback.RetentionRun feedback.BulkJob feedback.BulkItem
        feedback.ListExport feedback.Notification feedback.Presence feedback.SearchEntry
        feedback.CustomerEntry feedback.StaleEntry analytics.DemoCompany kernel.Beat
        feedback.Assessment feedback.NearDuplicate analytics.TextReading analytics.TextModel
        analytics.ReadingProgress analytics.Review
        analytics.RollUp analytics.RollUpMark analytics.RollUpState
        analytics.Topic analytics.TopicSet analytics.TopicText
        kernel.IdempotencyRecord kernel.PeriodicJob kernel.RateCount kernel.AbandonedJob""",
    "one person's own: it goes with them, not with the configuration": """
        accounts.ApiToken feedback.NotificationChoice feedback.Skill
        analytics.Dashboard analytics.DashboardTile analytics.DashboardMail""",
    "written when a survey is published, which keeps every version": """
        surveys.SurveyVersion surveys.Question surveys.Choice""",
    "dated like a mail: an event takes place once, a link to results ends": """
        surveys.Gathering analytics.SharedResults analytics.DashboardLink
        analytics.TimelineNote
        analytics.Report analytics.ReportComment analytics.ReportEntry analytics.ReportPart
        analytics.ReportSchedule analytics.ReportVersion analytics.SharedReport""",
    "pieces of surveys: a draft's way back, and what is said about it": """
        surveys.DraftStep surveys.SurveyComment""",
    "names people and rows of this company, and begins anew in another one": """
        analytics.AlertRule""",
    "what is found out and done here, not how the product is set up": """
        analytics.PraiseDecision analytics.Thanks feedback.Suggestion
        analytics.WeekMail analytics.Alert analytics.AlertEvidence
        analytics.Problem analytics.ProblemEvidence analytics.RootCause analytics.CauseNode
        analytics.Measure analytics.MeasureStep analytics.ImprovementScore
        analytics.ImprovementEntry analytics.CashFlow analytics.EffectCheck
        analytics.Publication analytics.PublicationEntry analytics.PublicationQuote
        analytics.PublicationVote analytics.PublicationComment analytics.PublicationNotice""",
}


def our_models():
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                yield model


def test_every_model_is_a_setting_or_says_why_not():
    """A new model that people set up is registered with `register_setting_model` of its app's
    services/setting_models.py; any other is named above."""
    known = {one.model for one in setting_models()}
    known |= {part.model for one in setting_models() for part in one.parts}
    excused = {name for names in NO_SETTINGS.values() for name in names.split()}
    silent = {one._meta.label for one in our_models() if one not in known} - excused
    assert silent == set()
    assert excused <= {one._meta.label for one in our_models() if one not in known}


@pytest.mark.parametrize("setting", setting_models(), ids=lambda one: one.name)
def test_every_setting_and_its_parts_have_a_history(setting):
    assert events_of(setting.model) is not None
    assert [part.name for part in setting.parts if events_of(part.model) is None] == []


@pytest.mark.parametrize("setting", setting_models(), ids=lambda one: one.name)
def test_every_setting_is_exported_and_comes_back_or_says_why_not(setting):
    assert setting.save is not None or setting.stays
    names = {one.name for one in setting.model._meta.concrete_fields}
    assert {*setting.left, *setting.contents, *setting.key} <= names
    for url in (setting.list_url, *setting.also):
        try:
            resolve(url)
        except Resolver404:
            assert url.endswith("/"), url  # the folder of pages
