"""The settings of this app, for the pages “Settings” and “History” and for export and import."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kernel.portable.keeping import SettingRefused
from config.kernel.punctuation import clauses
from config.kernel.settings_models import Part, Parts, SettingModel
from surveys.enums import VersionState
from surveys.flow.checks import find_faults
from surveys.models import (
    CallScript,
    Collector,
    Mailing,
    PlannedStep,
    QualityRules,
    QuestionBankItem,
    Reward,
    Survey,
    SurveyPlan,
)
from surveys.selectors.bank import faults_of_element
from surveys.services.bank import save_bank_item
from surveys.services.editing import save_collector, save_survey
from surveys.services.mailings import save_mailing
from surveys.services.phoning import save_call_script
from surveys.services.planning import StepWanted, save_plan
from surveys.services.publishing import publish_version, save_draft
from surveys.services.quality_rules import save_quality_rules
from surveys.services.rewarding import save_reward

_GROUP = gettext_lazy("Surveys")
_QUESTIONS = {"definition", "published"}


def _questions(survey: Survey) -> Any:
    """What is asked: as it was published, else as the draft has it; None without either, or
    while the draft has faults."""
    versions = {one.state: one for one in survey.versions.exclude(state=VersionState.RETIRED)}
    found = versions.get(VersionState.PUBLISHED) or versions.get(VersionState.DRAFT)
    if found is None or find_faults(found.definition, known_languages=dict(settings.LANGUAGES)):
        return None
    return {
        "definition": found.definition,
        "published": found.state == VersionState.PUBLISHED,
    }


def _save_survey(survey: Survey, parts: Parts, by: Any) -> Survey:
    saved = save_survey(survey)
    wanted: Any = parts.get("questions")
    if wanted is None or wanted == _questions(saved):
        return saved
    if not isinstance(wanted, dict) or set(wanted) != _QUESTIONS:
        raise SettingRefused(_("Its questions are not understood."))
    faults = find_faults(wanted["definition"], known_languages=dict(settings.LANGUAGES))
    if faults:
        raise SettingRefused(clauses(faults))
    draft = save_draft(saved.pk, definition=wanted["definition"])
    if wanted["published"] is True:
        publish_version(draft.pk, by=by)
    saved.refresh_from_db()
    return saved


def _save_collector(collector: Collector, _parts: Parts, _by: Any) -> Collector:
    return save_collector(collector)


def _save_bank_item(item: QuestionBankItem, _parts: Parts, _by: Any) -> QuestionBankItem:
    faults = faults_of_element(item.element)
    if faults:
        raise SettingRefused(clauses(faults))
    return save_bank_item(item)


def _save_plan(plan: SurveyPlan, parts: Parts, _by: Any) -> SurveyPlan:
    steps = {row["step"]: StepWanted(row["due_on"]) for row in parts["steps"]}
    return save_plan(plan, steps=steps)


SURVEY_SETTINGS = (
    SettingModel(
        Survey,
        _GROUP,
        gettext_lazy("What customers are asked."),
        "clipboard-list",
        key=("slug",),
        save=_save_survey,
        # Its status follows from publishing and closing it.
        left=("owner", "status", "settings", "created_at"),
        extras={"questions": _questions},
        page="surveys:list",
    ),
    SettingModel(
        Collector,
        _GROUP,
        gettext_lazy("The ways by which surveys reach people."),
        "send",
        key=("survey", "name"),
        save=_save_collector,
        # The key of a link is made anew: it opens the survey of one installation.
        # Whether it sends is a matter of the moment.
        left=("token", "variants", "sending", "sending_since", "sending_by"),
    ),
    SettingModel(
        Mailing,
        _GROUP,
        gettext_lazy("Whom surveys are mailed to, and what the mails say."),
        "mail",
        key=("collector",),
        save=lambda one, _parts, _by: save_mailing(one),
        left=("next_wave_at",),
        page="surveys:list",
    ),
    SettingModel(
        CallScript,
        _GROUP,
        gettext_lazy("What is said first when a survey is asked on the phone."),
        "phone",
        key=("survey",),
        save=lambda one, _parts, _by: save_call_script(one),
        page="surveys:list",
    ),
    SettingModel(
        SurveyPlan,
        _GROUP,
        gettext_lazy("What surveys are for, and how many answers they need."),
        "target",
        key=("survey",),
        save=_save_plan,
        parts=(Part("steps", PlannedStep, "plan", ("step",), left=("owner", "done_on")),),
        page="surveys:list",
    ),
    SettingModel(
        QualityRules,
        _GROUP,
        gettext_lazy("When a response is flagged, and what becomes of it."),
        "shield-check",
        key=("survey",),
        save=lambda one, _parts, _by: save_quality_rules(one),
        left=("changed_at",),
        page="surveys:list",
    ),
    SettingModel(
        QuestionBankItem,
        _GROUP,
        gettext_lazy("Questions that surveys take copies of."),
        "library",
        key=("key",),
        save=_save_bank_item,
        left=("saved_by", "saved_at", "uses"),
        page="surveys:bank",
        edit="surveys:edit_bank_item",
    ),
    SettingModel(
        Reward,
        _GROUP,
        gettext_lazy("What responses are thanked with."),
        "gift",
        key=("survey",),
        save=lambda one, _parts, _by: save_reward(one),
        left=("granted", "spent", "seed", "token", "drawn_at"),
        hidden=("seed",),
        page="surveys:list",
    ),
)
