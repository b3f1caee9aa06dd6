"""The settings of this app, for the pages “Settings” and “History” and for export and import."""

from django.utils.translation import gettext_lazy

from analytics.models import PublicPage, ReadingRules, TextWording
from analytics.services.public_page import save_public_page
from analytics.services.reading_rules import save_reading_rules
from analytics.services.text_wording import save_text_wording
from config.kernel.settings_models import SettingModel

ANALYTICS_SETTINGS = [
    SettingModel(
        ReadingRules,
        gettext_lazy("Reading"),
        gettext_lazy("When the machine sets categories by itself, and what it learns from."),
        "scan-text",
        save=lambda one, _parts, _by: save_reading_rules(one),
        page="analytics:learning",
        menu=gettext_lazy("Learning"),
        needs="analytics.change_readingrules",
    ),
    SettingModel(
        TextWording,
        gettext_lazy("Reading"),
        gettext_lazy("Which words are not counted, count as one, or are never cut."),
        "text-search",
        save=lambda one, _parts, _by: save_text_wording(one),
        page="analytics:text_wording",
        menu=gettext_lazy("Words of the company"),
        needs="analytics.change_textwording",
        words=[gettext_lazy("stop words"), gettext_lazy("synonyms")],
    ),
    SettingModel(
        PublicPage,
        gettext_lazy("Publication"),
        gettext_lazy("Whether everybody can read what is published, and what it is called."),
        "megaphone",
        save=lambda one, _parts, _by: save_public_page(one),
        page="analytics:public_page",
        menu=gettext_lazy("Public page"),
        needs="analytics.change_publicpage",
        words=[gettext_lazy("you said, we did")],
    ),
]
