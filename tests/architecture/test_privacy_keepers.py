"""Every table of ours that could hold words about a customer is known to a keeper, or is named
here with the reason why it is not. Whether keepers do what they say:
tests/feedback/collaboration/test_privacy_of_tables.py."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.services.privacy_keepers import keepers

OURS = {"kernel", "accounts", "feedback", "surveys", "analytics"}
HOLDS_WORDS = (
    models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField,
    ArrayField, SearchVectorField,
)  # fmt: skip

SETTING = "a setting of the company, written for all customers"
STAFF = "about a member of staff"
MACHINE = "codes, keys and digests of the machine"
ABOUT_NOBODY = {
    "kernel.Beat": MACHINE,
    "kernel.PeriodicJob": MACHINE,
    "kernel.RateCount": MACHINE,
    "accounts.Team": SETTING,
    "accounts.User": STAFF,
    "accounts.ApiToken": STAFF,
    "accounts.CustomField": SETTING,
    "accounts.ForgottenContact": "keyed digests, by which nobody is brought back",
    "accounts.MailLimits": SETTING,
    "accounts.OutgoingQueue": MACHINE,
    "accounts.PersonalDataRules": SETTING,
    "accounts.WebhookEndpoint": SETTING,
    "accounts.WebhookEvent": "codes and ids; told within seconds",
    "feedback.AutomationRule": SETTING,
    "feedback.BusinessCalendar": SETTING,
    "feedback.CalendarDay": SETTING,
    "feedback.Category": SETTING,
    "feedback.ChecklistTemplate": SETTING,
    "feedback.FeedbackQuality": MACHINE,
    "feedback.FormDefinition": SETTING,
    "feedback.HolidayFeed": SETTING,
    "feedback.LegalHold": "as long as it stands nothing is forgotten; it goes when it is lifted",
    "feedback.Macro": SETTING,
    "feedback.Mailbox": SETTING,
    "feedback.NegativeRule": SETTING,
    "feedback.Product": SETTING,
    "feedback.PushAddress": SETTING,
    "feedback.ReplyTemplate": SETTING,
    "feedback.RetentionRule": SETTING,
    "feedback.RetentionRun": "numbers of records, codes, and the name of a setting",
    "feedback.RoutingRule": SETTING,
    "feedback.Signature": STAFF,
    "feedback.SLAEvent": MACHINE,
    "feedback.SLAPolicy": SETTING,
    "feedback.Status": SETTING,
    "surveys.Collector": SETTING,
    "surveys.DraftStep": SETTING,
    "surveys.QuestionBankItem": SETTING,
    "surveys.Gathering": SETTING,
    "surveys.Mailing": SETTING,
    "surveys.CallScript": SETTING,
    "surveys.PaperBatch": SETTING,
    "surveys.PaperForm": "numbers; what stands on it is the response's",
    "surveys.AddressOptOut": "what keeps them from being asked again; no address can be read",
    "surveys.Wave": "a condition and numbers",
    "surveys.PlannedStep": SETTING,
    "surveys.SurveyPlan": SETTING,
    "surveys.SurveyComment": "colleagues about questions that nobody was asked yet",
    "surveys.QuotaCount": MACHINE,
    "surveys.TallyBlock": MACHINE,
    "surveys.Tally": "bits by place; tallied anew within a minute of an answer that was erased",
    "surveys.QualityRules": SETTING,
    "surveys.AnswerTimes": MACHINE,
    "surveys.Reward": SETTING,
    "surveys.Coupon": "codes of a list, which name nobody",
    "surveys.RewardGrant": "numbers, and a ticket drawn at random",
    "surveys.Question": SETTING,
    "surveys.Choice": SETTING,
    "surveys.Survey": SETTING,
    "surveys.SurveyVersion": SETTING,
    "analytics.PublicPage": SETTING,
    "analytics.PublicationNotice": MACHINE,
    "analytics.PublicationVote": MACHINE,
    "analytics.Report": "numbers of many records; words that many texts share",
    "analytics.ReportComment": "colleagues about a report",
    "analytics.ReportEntry": "codes and numbers",
    "analytics.ReportPart": "words of staff, searched for personal data before they are issued",
    "analytics.ReportSchedule": SETTING,
    "analytics.ReportVersion": "what was issued, searched for personal data before it was",
    "analytics.SharedReport": "the digest of a password",
    "analytics.SharedResults": "filters that staff set, and the digest of a password",
    "analytics.TextModel": "n-grams and weights of many texts, learned from masked ones",
    "analytics.ReadingProgress": MACHINE,
    "analytics.RollUp": "numbers and codes by day; made anew within a minute of what was erased",
    "analytics.RollUpMark": MACHINE,
    "analytics.RollUpState": MACHINE,
    "analytics.Topic": "words that many texts share, without personal data, and a name by staff",
    "analytics.TopicSet": "filters that staff set",
    "analytics.ReadingRules": SETTING,
    "analytics.TextWording": SETTING,
    "analytics.Review": "ids of categories, codes and numbers",
    "analytics.Dashboard": "names of figures and filters that staff set",
    "analytics.DashboardLink": "filters that staff set",
    "analytics.DashboardMail": "which member of staff gets which dashboard",
    "analytics.AlertRule": "names of figures and filters that staff set",
    "analytics.DashboardTile": "names of figures and filters that staff set",
    "analytics.TimelineNote": "what the company did on a day",
    "analytics.EffectCheck": "codes and numbers",
    "analytics.ImprovementScore": "numbers",
    "analytics.DemoCompany": "ids of the demo's rows",
}
FIELDS_ABOUT_NOBODY = {
    "kernel.IdempotencyRecord": {"owner", "key", "request_digest"},
    # Codes, ids and numbers.
    "analytics.Alert": {"metric", "series", "each", "filters", "side", "days", "moved"},
    "analytics.ImprovementEntry": {"actor_name", "data"},
    "analytics.TextReading": {"language"},
    "analytics.Publication": {"allowed"},  # digests
    "analytics.PublicationComment": {"language", "submission_key"},  # drawn at random
    "analytics.PublicationEntry": {"actor_name", "about"},  # codes and numbers
    "analytics.PublicationQuote": {"language"},
    "feedback.Assessment": {"reader", "language", "alternatives", "also", "not_also"},
    "accounts.Consent": {"text_version"},
    # Of a company, which is no person.
    "accounts.Organisation": {"name", "domain"},
    "accounts.CustomerMerge": {"moved"},  # ids
    "accounts.CustomerNote": {"author_name"},
    "accounts.OutgoingMessage": {
        "from_address", "from_name", "language", "message_id", "dedupe_key",
    },
    "accounts.PrivacyRequest": {"report"},  # codes and numbers
    "accounts.WebhookDelivery": {"event", "about", "dedupe_key", "problem", "log"},
    "feedback.Attachment": {"content_type", "sha256"},
    "feedback.Upload": {"content_type", "sha256"},
    "feedback.AutomationRun": {"key"},
    "feedback.BulkJob": {"notices"},  # ids
    "feedback.Feedback": {"also_categories", "sentiment_source"},
    # Digests, and the id by which a mail that is fetched twice is recognised.
    "feedback.InboundMail": {"sha256", "message_id", "content_digest"},
    "feedback.ListExport": {"columns"},
    # Of who answered; colleagues; codes.
    "feedback.Message": {"signature", "mentions", "flags", "authentication"},
    "feedback.SavedView": {"name_zh", "name_en", "view", "sort", "columns", "condition"},
    "surveys.GatheringNote": {"key"},  # drawn at random
    "surveys.ResponseExport": {"options"},
    # Of the member of staff who imports: a file's name and its head, codes, a sentence of ours.
    "surveys.ResponseImport": {"name", "head", "columns", "options", "problem"},
    "surveys.PaperEntry": {"key"},  # drawn at random
    "surveys.QualityCheck": {"flags", "found"},  # codes, numbers, references of responses
    "surveys.Response": {"variant", "shown", "trail"},  # codes of questions and of pages
}  # fmt: skip


def texts_of(model):
    return {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, HOLDS_WORDS) and not field.choices
    }


def of_a_row_before(model):
    """The label of the model whose history this is (django-pghistory)."""
    tracked = getattr(model, "pgh_tracked_model", None)
    return tracked._meta.label if tracked else None


def test_every_text_is_forgotten_or_named_here_with_a_reason():
    forgets = {}
    for keeper in keepers():
        for model, names in keeper.forgets.items():
            forgets.setdefault(model._meta.label, set()).update(names)
    unknown = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        label = of_a_row_before(model) or model._meta.label
        about_nobody = FIELDS_ABOUT_NOBODY.get(label, set()) | {"pgh_label"}
        known = forgets.get(model._meta.label, set())
        if label not in ABOUT_NOBODY:
            unknown += [
                f"{model._meta.label}.{name}" for name in texts_of(model) - known - about_nobody
            ]
    assert sorted(unknown) == []


def test_the_exceptions_are_still_there():
    there = {one._meta.label: texts_of(one) for one in apps.get_models()}
    assert set(ABOUT_NOBODY) - set(there) == set()
    gone = {
        f"{label}.{name}"
        for label, names in FIELDS_ABOUT_NOBODY.items()
        for name in names - there.get(label, set())
    }
    assert gone == set()


def test_what_is_in_the_copy_is_forgotten_too():
    for keeper in keepers():
        for model, names in keeper.exports.items():
            assert set(names) <= set(keeper.forgets[model]), model._meta.label
