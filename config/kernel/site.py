from django.conf import settings
from django.utils.translation import get_language

from config.kernel.bilingual import is_chinese


def site_name(language: str | None = None) -> str:
    """The company's name in `language` (default: the active one), for pages and mails."""
    chinese = is_chinese(language or get_language())
    return str(settings.SITE_NAME_ZH if chinese else settings.SITE_NAME)
