"""Records and messages as programs see them."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.covered import CoveredField, CoveredFileName, cover_inside
from accounts.api.custom_values import CustomValuesField
from accounts.api.people import StaffSerializer
from accounts.api.permissions import may_name_customers
from accounts.api.teams import TeamSerializer
from accounts.enums import ContactKind, FieldSubject, OutgoingState, PersonalDataKind
from accounts.errors import AddressNotUsable
from accounts.models import Customer, Team
from accounts.services.customers import usable_contact
from config.kernel.api_fields import BigId, ChoiceNameField, CodeField, CodeOf
from feedback.enums import Channel, JourneyStage, MailFlag, Priority, State
from feedback.models import (
    Attachment,
    Category,
    Feedback,
    FormDefinition,
    Message,
    Product,
    ReplyTemplate,
    Status,
    Upload,
)
from feedback.selectors.kept_settings import categories
from feedback.services.attachments import MAX_FILES, MAX_TOGETHER

MAX_TEXT = 50_000


class AboutCustomerSerializer(serializers.ModelSerializer[Customer]):
    """Whose feedback it is. Name and address need the scope customers:read."""

    name = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = ["id", "name", "email"]

    @extend_schema_field({"type": ["string", "null"]})
    def get_name(self, customer: Customer) -> str | None:
        return customer.name if self._may_name() else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_email(self, customer: Customer) -> str | None:
        return customer.email if self._may_name() else None

    def _may_name(self) -> bool:
        return may_name_customers(self.context)


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    subject = CoveredField(
        help_text=_("With personal data covered, unless you may see it: 138****5678.")
    )
    status = CodeOf()
    state = serializers.ChoiceField(State.choices, read_only=True)
    channel = serializers.ChoiceField(Channel.choices, read_only=True)
    priority = ChoiceNameField(Priority, read_only=True)
    customer = AboutCustomerSerializer(read_only=True)
    category = CodeOf(allow_null=True)
    also_about = serializers.SerializerMethodField(
        help_text=_("Codes of the categories that it is about beside the first")
    )
    product = CodeOf(allow_null=True)
    form = CodeOf(allow_null=True, help_text=_("By which form for customers it came"))
    tags = CodeOf("name", many=True)
    team = TeamSerializer(read_only=True, allow_null=True)
    assignee = StaffSerializer(read_only=True, allow_null=True)
    journey_stage = serializers.CharField(read_only=True)
    quality = serializers.IntegerField(
        source="quality.score", read_only=True, allow_null=True, default=None,
        help_text=_("How much it tells, 0–100; null until it is judged"),
    )  # fmt: skip
    merged_into = serializers.IntegerField(
        source="merged_into.number", read_only=True, allow_null=True, default=None
    )

    follow_up_of = CodeOf(
        "number", allow_null=True, help_text=_("The settled record that it follows")
    )
    custom = CustomValuesField(FieldSubject.FEEDBACK, read_only=True)

    class Meta:
        model = Feedback
        fields = [
            "number", "channel", "subject", "language", "status", "state", "priority", "customer",
            "category", "also_about", "product", "form", "tags", "team", "assignee",
            "order_number", "place",
            "journey_stage", "received_at", "reply_due_at", "first_response_at",
            "waiting_since", "snoozed_until", "promised_on", "resolved_at", "closed_at",
            "reopened_count",
            "anonymised_at", "follow_up_of", "merged_into", "satisfaction", "quality", "custom",
            "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_also_about(self, feedback: Feedback) -> list[str]:
        known = categories() if feedback.also_categories else {}
        return [known[pk].code for pk in feedback.also_categories if pk in known]


class WriterSerializer(serializers.Serializer[Any]):
    """Who says it: a customer we have (`id`), or a contact by which one is found or made."""

    id = BigId(queryset=Customer.objects.known(), required=False)
    kind = serializers.ChoiceField(ContactKind.choices, required=False)
    value = serializers.CharField(max_length=254, required=False)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        by_contact = "kind" in attrs and "value" in attrs
        if ("id" in attrs) == by_contact or ("kind" in attrs) != ("value" in attrs):
            raise serializers.ValidationError(_("Give either id, or kind and value."))
        if by_contact:
            try:
                attrs["value"] = usable_contact(attrs["kind"], attrs["value"])
            except AddressNotUsable as refusal:
                raise serializers.ValidationError({"value": [str(refusal.message)]}) from refusal
        return attrs


class AttachmentsField(serializers.ListField):
    """Files that the person behind the request uploaded before, by their ids."""

    child = serializers.UUIDField()
    default_error_messages = {
        "not_there": _("There is no file “{id}” waiting to be attached."),
        "too_much": _("Together they are larger than {mb} MB."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", MAX_FILES)
        kwargs.setdefault("help_text", _("Ids that POST /attachments/ gave; each works once."))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        keys = dict.fromkeys(super().to_internal_value(data))
        own = Upload.objects.filter(uploaded_by=self.context["request"].user)
        found = own.in_bulk(list(keys), field_name="key")
        for key in keys:
            if key not in found:
                self.fail("not_there", id=key)
        if sum(one.size for one in found.values()) > MAX_TOGETHER:
            self.fail("too_much", mb=MAX_TOGETHER // 1024 // 1024)
        return [found[key] for key in keys]


class NewFeedbackSerializer(serializers.Serializer[Any]):
    customer = WriterSerializer()
    text = serializers.CharField(max_length=MAX_TEXT)
    subject = serializers.CharField(max_length=255, default="", allow_blank=True)
    language = serializers.ChoiceField(settings.LANGUAGES, default="zh-hans")
    priority = ChoiceNameField(Priority, default="normal")
    category = CodeField(queryset=Category.objects.active(), allow_null=True, default=None)
    product = CodeField(queryset=Product.objects.active(), allow_null=True, default=None)
    team = BigId(queryset=Team.objects.active(), allow_null=True, default=None)
    order_number = serializers.CharField(max_length=64, default="", allow_blank=True)
    place = serializers.CharField(max_length=120, default="", allow_blank=True)
    journey_stage = serializers.ChoiceField(JourneyStage.choices, default="", allow_blank=True)
    acknowledge = serializers.BooleanField(
        default=True, help_text=_("Tell the customer that it arrived.")
    )
    attachments = AttachmentsField(source="files")
    custom = CustomValuesField(FieldSubject.FEEDBACK, required=False)
    form = CodeField(
        queryset=FormDefinition.objects.active(),
        allow_null=True,
        default=None,
        help_text=_("Through which form: what it offers, presets and requires then holds."),
    )

    def validate_priority(self, value: Any) -> int:
        return int(value) if isinstance(value, int) else int(Priority[str(value).upper()])


class FileToUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField()


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """A file that waits for its message; `content_type` is what its bytes say, or empty."""

    id = serializers.UUIDField(source="key", read_only=True)

    class Meta:
        model = Upload
        fields = ["id", "name", "content_type", "size", "created_at"]
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    id = serializers.UUIDField(source="key", read_only=True)
    name = CoveredFileName()
    url = serializers.HyperlinkedIdentityField(
        view_name="api:attachment-detail",
        lookup_field="key",
        help_text=_("Where to download it, with the same token."),
    )

    class Meta:
        model = Attachment
        fields = ["id", "name", "content_type", "size", "url"]


class SenderCheckSerializer(serializers.Serializer[Any]):
    server = serializers.CharField(required=False)
    spf = serializers.CharField(required=False, help_text=_("As in RFC 8601: pass, fail …"))
    dkim = serializers.CharField(required=False)
    dmarc = serializers.CharField(required=False)
    aligned = serializers.BooleanField(
        required=False, help_text=_("What passed is about the domain shown as the sender.")
    )


class ForwardedSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(required=False)
    name = serializers.CharField(required=False)


class MessageSerializer(serializers.ModelSerializer[Message]):
    direction = serializers.CharField(read_only=True)
    author = serializers.CharField(source="author_name", read_only=True)
    text = CoveredField(
        inside=True, help_text=_("With personal data covered, unless you may see it: 138****5678.")
    )
    covered = serializers.SerializerMethodField(
        help_text=_("Kinds of personal data that are covered in it; see “reveal”.")
    )
    subject = CoveredField(
        inside=True,
        help_text=_("That of the mail, where it is another one than the record's."),
    )
    flags = serializers.ListField(
        child=serializers.ChoiceField(MailFlag.choices),
        read_only=True,
        help_text=_("What to know before believing the sender of a mail."),
    )
    authentication = SenderCheckSerializer(
        read_only=True,
        help_text=_("What the mailbox's own server found out about the sender; {}: nothing."),
    )
    forwarded = ForwardedSerializer(
        read_only=True,
        help_text=_("Whose mail it forwards, while nobody decided whose matter it is; else {}."),
    )
    delivery = serializers.SerializerMethodField(help_text=_("What became of the mail."))
    attachments = AttachmentSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = [
            "id", "direction", "channel", "author", "subject", "text", "covered", "signature",
            "is_automatic", "is_third_party", "flags", "authentication", "forwarded",
            "is_recalled", "delivery", "attachments", "created_at",
        ]  # fmt: skip

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(PersonalDataKind.choices))
    )
    def get_covered(self, message: Message) -> list[str]:
        cover = cover_inside(self.context)
        names = [one.name for one in message.attachments.all()]
        return [kind.value for kind in cover.kinds_in([message.text, message.subject], names)]

    @extend_schema_field(serializers.ChoiceField(OutgoingState.choices, allow_null=True))
    def get_delivery(self, message: Message) -> str | None:
        return message.outgoing.state if message.outgoing is not None else None


class ReplySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MAX_TEXT)
    status = CodeField(
        queryset=Status.objects.active(),
        source="then",
        required=False,
        help_text=_("The status afterwards."),
    )
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("Refuse with “stale” unless this is the record's version."),
    )
    templates = BigId(
        queryset=ReplyTemplate.objects.active(),
        many=True,
        required=False,
        help_text=_("What it was written from: counted there."),
    )
    is_signed = serializers.BooleanField(
        default=True, help_text=_("With the signature of the person, else of the team.")
    )
    attachments = AttachmentsField(source="files")


class AnswerSerializer(ReplySerializer):
    """An answer that is sent now."""

    commitment = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("A commitment on this record that the customer is told of by this."),
    )


class NoteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MAX_TEXT)
    attachments = AttachmentsField(source="files")


class ResolveSerializer(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=2000, default="", allow_blank=True)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class ReopenSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class SnoozeSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField(help_text=_("Still to come, within a year."))
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class FieldsSerializer(serializers.Serializer[Any]):
    """Values for custom fields; those that are not named stay."""

    values = CustomValuesField(FieldSubject.FEEDBACK)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
