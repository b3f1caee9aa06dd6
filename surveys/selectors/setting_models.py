"""The settings of this app, for the pages “Settings” and “History”."""

from django.utils.translation import gettext_lazy as _

from config.kernel.settings_models import SettingModel
from surveys.models import Collector, Survey

_GROUP = _("Surveys")
SURVEY_SETTINGS = (
    SettingModel(Survey, _GROUP, _("What customers are asked."), "clipboard-list"),
    SettingModel(Collector, _GROUP, _("The ways by which surveys reach people."), "send"),
)
