"""/settings/: what can be set, its earlier versions, and all of it as a file."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.permissions import ScopedPermission
from accounts.models import ApiToken
from accounts.selectors.setting_versions import versions_of
from accounts.selectors.settings import SETS_UP, count_in_use, history_of_kind, settings_for
from accounts.services.setting_files import OUTCOMES, export_settings, import_settings
from accounts.services.setting_versions import NoSuchVersion, look_at_version, restore_version
from config.kernel.portable.file import FileNotUnderstood, read_text
from config.kernel.portable.keeping import SettingRefused
from config.kernel.settings_models import SettingModel


class SettingsPermission(ScopedPermission):
    """Whoever may look at some kind of setting; each kind is asked for again where it is used."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        if user is None or not user.is_authenticated or not settings_for(user):
            return False
        if isinstance(request.auth, ApiToken):
            reads = request.method in SAFE_METHODS
            scope = view.read_scope if reads else view.write_scope
            self.message = _("This token lacks the scope “%(scope)s”.") % {"scope": scope}
            return scope in request.auth.scopes
        return True


class SettingKindSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(source="name", help_text=_("As in “feedback.category”."))
    label = serializers.CharField()  # type: ignore[assignment]
    group = serializers.CharField()
    explanation = serializers.CharField()
    count = serializers.IntegerField(help_text=_("How many are in use."))
    is_tracked = serializers.BooleanField(help_text=_("Whether there is a history."))
    is_exported = serializers.BooleanField()


class FieldChangeSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class SettingVersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="number")
    at = serializers.DateTimeField()
    who = serializers.CharField(
        allow_blank=True, help_text=_("Empty: no person, but a command or a job.")
    )
    name = serializers.CharField()
    is_first = serializers.BooleanField()
    changes = FieldChangeSerializer(source="fields", many=True)


class OneSettingSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=60)
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class RestoreSerializer(OneSettingSerializer):
    version = serializers.IntegerField(min_value=1, max_value=10**6)
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Only say what would change, or why it cannot be done.")
    )


class RestoredSerializer(serializers.Serializer[Any]):
    restored = serializers.BooleanField()
    changes = FieldChangeSerializer(many=True)


class ImportSerializer(serializers.Serializer[Any]):
    file = serializers.JSONField(help_text=_("As /settings/export/ gives it."))
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=100,
        help_text=_("Only these; left out: all that the file has."),
    )
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Only say what would become of each setting.")
    )


class TakenSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(source="setting.name")
    key = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(sorted(OUTCOMES))
    changes = FieldChangeSerializer(many=True)
    reason = serializers.CharField(allow_blank=True)
    note = serializers.CharField(
        allow_blank=True, help_text=_("What is left to be done by a person.")
    )


class TransferReportSerializer(serializers.Serializer[Any]):
    imported = serializers.BooleanField(
        source="is_imported", help_text=_("False after a dry run, or when one was refused.")
    )
    settings = TakenSerializer(source="rows", many=True)


_ONE = [
    OpenApiParameter("kind", str, required=True),
    OpenApiParameter("id", {"type": "integer", "minimum": 1}, required=True),
]


def _of(given: dict[str, Any]) -> dict[str, Any]:
    return {"kind": given["kind"], "pk": given["id"]}


class SettingsViewSet(viewsets.ViewSet):
    permission_classes = [SettingsPermission]
    read_scope, write_scope = "settings:read", "settings:write"
    read_permission = write_permission = "of the kind that is asked for"
    request: SignedInApiRequest

    @extend_schema(
        summary="List the kinds of settings", responses=SettingKindSerializer(many=True)
    )
    def list(self, request: SignedInApiRequest) -> Response:
        rows = [
            {
                "name": one.name,
                "label": one.label,
                "group": str(one.group),
                "explanation": str(one.explanation),
                "count": count_in_use(one),
                "is_tracked": one.is_tracked,
                "is_exported": not one.stays,
            }
            for one in settings_for(request.user)
        ]
        return Response(SettingKindSerializer(rows, many=True).data)

    @extend_schema(
        summary="The versions of one setting, the newest first",
        parameters=_ONE,
        responses=SettingVersionSerializer(many=True),
    )
    @action(detail=False)
    def versions(self, request: SignedInApiRequest) -> Response:
        wanted = OneSettingSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        setting, pk = self._one(**_of(wanted.validated_data))
        return Response(SettingVersionSerializer(versions_of(setting, pk), many=True).data)

    @extend_schema(
        summary="Bring an earlier version back, as a new one",
        request=RestoreSerializer,
        responses=RestoredSerializer,
    )
    @action(detail=False, methods=["post"])
    def restore(self, request: SignedInApiRequest) -> Response:
        wanted = RestoreSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        setting, pk = self._one(**_of(given))
        if setting.save is None or not request.user.has_perm(setting.permission("change")):
            raise PermissionDenied
        dry_run = given["dry_run"]
        try:
            if dry_run:
                record = setting.rows.get(pk=pk)
                outlook = look_at_version(setting, record, given["version"], by=request.user)
                if outlook.refusal:
                    raise SettingRefused(outlook.refusal)
                changes = outlook.changes
            else:
                changes = restore_version(setting, pk, given["version"], by=request.user)
        except NoSuchVersion as gone:
            raise Http404 from gone
        answer = {"restored": not dry_run, "changes": changes}
        return Response(RestoredSerializer(answer).data)

    @extend_schema(
        summary="The configuration as a file, without secrets",
        parameters=[OpenApiParameter("kind", str, many=True)],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=False)
    def export(self, request: SignedInApiRequest) -> Response:
        self._ensure_sets_up()
        known = [one.name for one in settings_for(request.user) if not one.stays]
        wanted = request.query_params.getlist("kind") or known
        if set(wanted) - set(known):
            raise Http404
        return Response(export_settings(wanted))

    @extend_schema(
        summary="Take a configuration over: all of it, or nothing",
        request=ImportSerializer,
        responses=TransferReportSerializer,
    )
    @action(detail=False, methods=["post"], url_path="import")
    def import_(self, request: SignedInApiRequest) -> Response:
        self._ensure_sets_up()
        wanted = ImportSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = wanted.validated_data
        # As the page reads it: no longer, no deeper, nothing said twice.
        try:
            data = read_text(json.dumps(given["file"]).encode())
        except FileNotUnderstood as refusal:
            raise ValidationError({"file": [str(refusal.message)]}) from refusal
        report = import_settings(
            data, by=request.user, kinds=given.get("kinds"), dry_run=given["dry_run"]
        )
        return Response(TransferReportSerializer(report).data)

    def _ensure_sets_up(self) -> None:
        if not self.request.user.has_perm(SETS_UP):
            raise PermissionDenied

    def _one(self, kind: str, pk: int) -> tuple[SettingModel, int]:
        setting = history_of_kind(self.request.user, kind)
        if setting is None or not setting.rows.filter(pk=pk).exists():
            raise Http404
        return setting, pk
