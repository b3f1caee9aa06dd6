"""Sentences of the packages we stand on that their own Chinese catalogues lack or say clumsily.

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
    gettext_noop("Add"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add %s"),
    gettext_noop("Add another %(model)s"),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Save and add another"),
    gettext_noop("Delete selected %(model)s"),
    gettext_noop("Change history: %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("0 of %(cnt)s selected"),
    gettext_noop(" By %(filter_title)s "),
    gettext_noop("Past 7 days"),
    gettext_noop("Recent actions"),
    gettext_noop("My actions"),
    gettext_noop("None available"),
    gettext_noop("Action:"),
    gettext_noop("No action selected."),
    gettext_noop("Run the selected action"),
    gettext_noop("Start typing to filter…"),
    gettext_noop("Breadcrumbs"),
    gettext_noop("%(full_result_count)s total"),
    gettext_noop(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the '
        "following related items will be deleted:"
    ),
    gettext_noop(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following "
        "objects and their related items will be deleted:"
    ),
    gettext_noop(
        "This object doesn’t have a change history. It probably wasn’t added via this admin site."
    ),
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
