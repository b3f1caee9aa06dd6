"""Writing business calendars: their weeks and the days that differ."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from config.kernel.api import InOrder
from config.kernel.api_fields import (
    MomentField,
    NewCodeField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from feedback.enums import DayKind
from feedback.models import BusinessCalendar, CalendarDay
from feedback.models.business_calendar import known_time_zone
from feedback.rules.business_time import NoWorkingTime, due_at
from feedback.rules.chinese_holidays import YEARS
from feedback.rules.feed_problems import file_refused
from feedback.rules.ical import MAX_BYTES, NotACalendar, read_days
from feedback.rules.working_hours import HoursNotReadable, read_spans, spans_in_words
from feedback.selectors.service_levels import week_in_words, week_of
from feedback.selectors.sla_policies import calendar_of
from feedback.services.calendars import (
    CalendarNotUsable,
    hours_refused,
    import_chinese_holidays,
    import_file,
    remove_calendar,
    remove_special_day,
    save_calendar,
    set_special_day,
    switch_special_day,
)
from feedback.services.holiday_feeds import AHEAD, BACK

DAY = OpenApiParameter(
    "day", {"type": "string", "format": "date"}, OpenApiParameter.PATH, description="2026-10-01"
)
LONGEST = 366 * 86400  # seconds


class HoursField(TextField):
    """The windows of a day: "09:00-12:00, 13:30-18:00"; empty = none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return read_spans(super().to_internal_value(data))
        except HoursNotReadable as refusal:
            raise serializers.ValidationError(hours_refused(refusal)) from refusal

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return () if data == "" else super().run_validation(data)

    def run_validators(self, value: Any) -> None:
        """They were read already."""

    def to_representation(self, value: Any) -> str:
        return spans_in_words(value)


@extend_schema_field(
    {"type": "array", "items": {"type": "string"}, "minItems": 7, "maxItems": 7,
     "description": "The hours of Monday to Sunday, like 09:00-12:00, 13:30-18:00."}
)  # fmt: skip
class WeekField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=HoursField(), min_length=7, max_length=7, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return week_in_words(instance)

    def to_representation(self, value: Any) -> Any:
        return value


class SpecialDaySerializer(StrictInput, serializers.ModelSerializer[CalendarDay]):
    """A day that differs from its weekday."""

    kind = serializers.ChoiceField(DayKind.choices)
    spans = HoursField(
        default="", help_text=_("Empty on a working day: as on other working days.")
    )
    name_zh = TextField(max_length=120, allow_blank=True, default="")
    name_en = TextField(max_length=120, allow_blank=True, default="")

    class Meta:
        model = CalendarDay
        fields = ["date", "kind", "spans", "name_zh", "name_en", "source", "is_active"]
        read_only_fields = ["date", "source", "is_active"]


class CalendarSerializer(StrictInput, serializers.ModelSerializer[BusinessCalendar]):
    code = NewCodeField(max_length=50)
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    time_zone = TextField(max_length=60, required=False, validators=[known_time_zone])
    is_default = YesNoField(required=False)
    week = WeekField()
    days = serializers.SerializerMethodField(
        help_text=_("Days that differ from their weekday, those in use.")
    )

    class Meta:
        model = BusinessCalendar
        fields = ["code", "name_zh", "name_en", "time_zone", "is_default", "week", "days"]
        validators: list[Any] = []  # a new default takes the place of the one before

    def validate_code(self, code: str) -> str:
        others = BusinessCalendar.objects.filter(code=code)
        if self.instance is not None and self.instance.pk:
            others = others.exclude(pk=self.instance.pk)
        if others.exists():
            raise serializers.ValidationError(_("This code is taken."))
        return code

    @extend_schema_field(SpecialDaySerializer(many=True))
    def get_days(self, calendar: BusinessCalendar) -> Any:
        in_use = [day for day in calendar.days.all() if day.is_active]
        return SpecialDaySerializer(in_use, many=True).data


class YearSerializer(StrictInput):
    year = serializers.ChoiceField(YEARS, help_text=_("Public holidays of mainland China."))


class ImportedSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    kept = serializers.IntegerField(help_text=_("Entered or switched off by a person."))


class ICalImportedSerializer(ImportedSerializer):
    left_out = serializers.IntegerField(help_text=_("Events of some hours, which are no days."))


class ICalSerializer(StrictInput):
    file = TextField(max_length=MAX_BYTES, trim_whitespace=False, help_text=_("Its text."))
    source: Any = TextField(
        max_length=80,
        default="ics",
        help_text=_("Its name: what it brought before under this name and no longer has, goes."),
    )


class DueSerializer(StrictInput):
    at = MomentField()
    seconds = WholeField(min_value=1, max_value=LONGEST, help_text=_("Of working time."))


class DueAtSerializer(serializers.Serializer[Any]):
    due_at = serializers.DateTimeField()
    is_open = serializers.BooleanField(help_text=_("Whether people work at that moment."))


class DaySwitchSerializer(StrictInput):
    on = YesNoField(help_text=_("False: it does not count, and no import brings it back."))


class ByDate(InOrder):
    ordering = ("date", "id")


class CalendarWriting(SettingActions):
    """What is written about calendars; mixed into their endpoint."""

    lookup_field = "code"
    lookup_value_converter = "str"
    write_permission = "feedback.change_businesscalendar"
    permission_by_action = {
        "create": "feedback.add_businesscalendar",
        "destroy": "feedback.delete_businesscalendar",
        "due": "feedback.view_businesscalendar",
    }
    set_apart = ("week",)

    @extend_schema(summary="Add a business calendar", responses={201: CalendarSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        return Response(self._written(BusinessCalendar()), status=201)

    @extend_schema(
        summary="Change a business calendar: only what is sent",
        description="What is open is reckoned anew. Refused with “calendar_not_usable” when "
        "working hours would never come.",
    )
    def partial_update(self, request: SignedInApiRequest, code: str) -> Response:
        return Response(self._written(self.get_object()))

    def _written(self, row: BusinessCalendar) -> Any:
        week = self.write_into(row).get("week")
        if week is None:
            week = week_of(row)
        return self.stored(lambda: save_calendar(row, week=week))

    @extend_schema(
        summary="Remove a business calendar; one that was used is archived", responses={204: None}
    )
    def destroy(self, request: SignedInApiRequest, code: str) -> Response:
        remove_calendar(self.get_object())
        return Response(status=204)

    @extend_schema(
        summary="Say what a day is; no import changes that any more",
        parameters=[DAY],
        request=SpecialDaySerializer,
        responses=SpecialDaySerializer,
    )
    @action(detail=True, methods=["put"], url_path="days/<str:day>")
    def day(self, request: SignedInApiRequest, code: str, day: str) -> Response:
        given = self.given(SpecialDaySerializer)
        row = set_special_day(self.get_object(), date=self._date(day), **given)
        return Response(SpecialDaySerializer(row).data)

    @extend_schema(
        summary="Let a day be as its weekday",
        description="One that an import brought is switched off, so that it stays away.",
        parameters=[DAY],
        responses={204: None},
    )
    @day.mapping.delete
    def remove_day(self, request: SignedInApiRequest, code: str, day: str) -> Response:
        remove_special_day(self._day(day))
        return Response(status=204)

    @extend_schema(
        summary="Let a special day count, or not",
        parameters=[DAY],
        request=DaySwitchSerializer,
        responses=SpecialDaySerializer,
    )
    @action(detail=True, methods=["post"], url_path="days/<str:day>/switch")
    def switch_day(self, request: SignedInApiRequest, code: str, day: str) -> Response:
        row = self._day(day)
        switch_special_day(row, **self.given(DaySwitchSerializer))
        return Response(SpecialDaySerializer(row).data)

    @extend_schema(
        summary="All special days, those that are switched off too",
        responses=SpecialDaySerializer(many=True),
    )
    @action(detail=True, pagination_class=ByDate)
    def days(self, request: SignedInApiRequest, code: str) -> Response:
        rows: Any = self.get_object().days.all()
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(SpecialDaySerializer(page, many=True).data)

    @extend_schema(
        summary="Take over the public holidays of a year",
        request=YearSerializer,
        responses=ImportedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="import-holidays")
    def import_holidays(self, request: SignedInApiRequest, code: str) -> Response:
        done = import_chinese_holidays(self.get_object(), **self.given(YearSerializer))
        return Response(ImportedSerializer(done).data)

    @extend_schema(
        summary="Take over the special days of an iCalendar file",
        description="From a year ago to three years ahead. What a person entered stays.",
        request=ICalSerializer,
        responses=ICalImportedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="import-ical")
    def import_ical(self, request: SignedInApiRequest, code: str) -> Response:
        calendar, given = self.get_object(), self.given(ICalSerializer)
        first, last = timezone.localdate() - BACK, timezone.localdate() + AHEAD
        try:
            content = given["file"].encode()
            found = read_days(content, first=first, last=last, zone=calendar.time_zone)
        except NotACalendar as refusal:
            raise serializers.ValidationError({"file": [file_refused(refusal.args[0])]}) from None
        done = import_file(calendar, found.days, name=given["source"], first=first, last=last)
        told = ImportedSerializer(done).data | {"left_out": found.timed}
        return Response(ICalImportedSerializer(told).data)

    @extend_schema(
        summary="When so much working time from a moment on is over",
        request=DueSerializer,
        responses=DueAtSerializer,
    )
    @action(detail=True, methods=["post"])
    def due(self, request: SignedInApiRequest, code: str) -> Response:
        given = self.given(DueSerializer)
        calendar = calendar_of(self.get_object())
        try:
            due = due_at(calendar, given["at"], given["seconds"])
        except NoWorkingTime as never:
            raise CalendarNotUsable(
                _("No weekday has working hours, so nothing would ever be due.")
            ) from never
        told = {"due_at": due, "is_open": calendar.is_open(given["at"])}
        return Response(DueAtSerializer(told).data)

    def _date(self, day: str) -> date:
        try:
            found = parse_date(day)
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found

    def _day(self, day: str) -> CalendarDay:
        rows = CalendarDay.objects.select_related("calendar").filter(calendar=self.get_object())
        return get_object_or_404(rows, date=self._date(day))
