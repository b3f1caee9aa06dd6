"""What the list of feedback can be narrowed by; nothing else reaches the database."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from accounts.api.conditions import ConditionFilter
from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.models import Team, User
from accounts.selectors.personal_data import tells_covered
from config.kernel.api_filters import YES_NO, MomentFilter
from config.kernel.search.queries import understand
from feedback.api.about_customers import asks_about_customers, lacks_scope_for
from feedback.enums import OPEN_STATES, Channel, Priority, State
from feedback.errors import FilterNotKnown, ViewGone, numbers_covered
from feedback.models import Category, Feedback, Product, Status
from feedback.selectors.kept_views import kept_view, why_broken
from feedback.selectors.queue_filters import FILTERS, WORDS_LENGTH, filter_named, read_values
from feedback.selectors.saved_views import records_of

PRIORITIES = [(one.name.lower(), one.label) for one in Priority]

# django-filter's own BooleanFilter takes what it does not understand for "both".


class ByCustomField(filters.Filter):
    """`field.colour=red`, with the names and values that the address of the queue has."""

    def __init__(self, name: str) -> None:
        super().__init__(widget=forms.SelectMultiple)
        self.name = name

    def filter(self, queryset: Any, value: Any) -> Any:
        asked = filter_named(self.name)
        if not value or asked is None:
            return queryset
        try:
            read = read_values(self.name, value, self.parent.request.user)
        except FilterNotKnown as unknown:
            raise ValidationError({self.name: [str(unknown.message)]}) from unknown
        return queryset.filter(asked.where([one.meaning for one in read]))


class FeedbackFilter(filters.FilterSet):
    q = filters.CharFilter(
        method="speaking_of",
        max_length=WORDS_LENGTH,
        label=_("Words in the record, as in the search of the desk"),
    )
    state = filters.MultipleChoiceFilter(choices=State.choices)
    status = filters.ModelChoiceFilter(queryset=Status.objects.all(), to_field_name="code")
    channel = filters.MultipleChoiceFilter(choices=Channel.choices)
    priority = filters.ChoiceFilter(choices=PRIORITIES, method="of_priority")
    category = filters.ModelChoiceFilter(
        queryset=Category.objects.all(),
        to_field_name="code",
        method="under_category",
        label=_("This category and everything below it"),
    )
    also_about = filters.ModelChoiceFilter(
        queryset=Category.objects.all(),
        to_field_name="code",
        method="also_under",
        label=_("Also about this category or one below it"),
    )
    product = filters.ModelChoiceFilter(queryset=Product.objects.all(), to_field_name="code")
    tag = filters.CharFilter("tags__name", "iexact", max_length=60)
    team = filters.ModelChoiceFilter(queryset=Team.objects.all())
    assignee = filters.ModelChoiceFilter(queryset=User.objects.all())
    customer = filters.NumberFilter(
        "customer_id", min_value=1, max_value=2**63 - 1, decimal_places=0
    )
    order_number = filters.CharFilter("order_number", max_length=64)
    open = filters.ChoiceFilter(
        choices=YES_NO, method="still_open", label=_("Something is still to be done")
    )
    overdue = filters.ChoiceFilter(
        choices=YES_NO, method="past_due", label=_("The promised time has passed")
    )
    snoozed = filters.ChoiceFilter(choices=YES_NO, method="put_off", label=_("Snoozed"))
    received_after = MomentFilter("received_at", "gte")
    received_before = MomentFilter("received_at", "lt")
    resolved_after = MomentFilter("resolved_at", "gte")
    resolved_before = MomentFilter("resolved_at", "lt")
    condition = ConditionFilter("feedback")
    saved_view = filters.NumberFilter(
        method="of_saved_view",
        min_value=1,
        max_value=2**63 - 1,
        decimal_places=0,
        label=_("What one of your saved views shows"),
    )

    class Meta:
        model = Feedback
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.data or ():
            if scope := lacks_scope_for(name, self.request):
                raise ValidationError({name: [needs_a_scope(scope)]})
            if "." in name and filter_named(name) is not None:
                self.filters[name] = ByCustomField(name)
                self.filters[name].parent = self

    def speaking_of(self, queryset: Any, name: str, value: str) -> Any:
        if tells_covered(self.request.user, value):
            raise ValidationError({name: [numbers_covered()]})
        return queryset.filter(FILTERS["q"].where([understand(value)]))

    def of_priority(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(priority=Priority[value.upper()])

    def under_category(self, queryset: Any, name: str, value: Category) -> Any:
        return queryset.filter(category__in=Category.objects.under(value))

    def also_under(self, queryset: Any, name: str, value: Category) -> Any:
        ids = list(Category.objects.under(value).values_list("pk", flat=True))
        return queryset.filter(also_categories__overlap=ids)

    def of_saved_view(self, queryset: Any, name: str, value: Any) -> Any:
        try:
            kept = kept_view(str(int(value)), self.request.user)
        except ViewGone as gone:
            raise ValidationError({name: [str(gone.message)]}) from gone
        if asks_about_customers(kept.record) and not may_see_customers(self.request):
            raise ValidationError({name: [needs_a_scope("customer")]})
        if kept.problems:
            raise ValidationError({name: [why_broken(kept)]})
        return queryset.filter(pk__in=records_of(kept, self.request.user).values("pk"))

    def still_open(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.open() if value == "true" else queryset.exclude(state__in=OPEN_STATES)

    def past_due(self, queryset: Any, name: str, value: str) -> Any:
        overdue = Feedback.objects.overdue(timezone.now()).values("pk")
        if value == "true":
            return queryset.filter(pk__in=overdue)
        return queryset.exclude(pk__in=overdue)

    def put_off(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(snoozed_until__isnull=value == "false")
