"""Sentences of the packages we stand on that their own Chinese catalogues lack.

Nothing here is called: the words are collected with ours, and our catalogue is asked first.
A package that catches up can be taken off the list.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

FOREIGN_WORDS = (
    # django.contrib.admin
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Forgotten your login credentials?"),
    gettext_noop("Error:"),
    # django.contrib.auth
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
    # django.db.models
    gettext_noop("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    # django_filters
    gettext_noop("Range query expects two values."),
    # rest_framework
    gettext_noop("A valid biginteger is required."),
    gettext_noop("Integer value too large to convert to float"),
)
