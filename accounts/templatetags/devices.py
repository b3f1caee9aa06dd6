from django import template
from django.utils.translation import gettext

from accounts.rules.browser import browser_of, system_of

register = template.Library()


@register.filter
def browser_words(user_agent: str) -> str:
    """What a browser says of itself, for people: "Firefox on Windows"."""
    browser, system = browser_of(user_agent), system_of(user_agent)
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("Unknown browser")
