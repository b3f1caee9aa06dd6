"""What customers fill in: the feedback form and the answer on the status page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import FieldSubject
from accounts.rules.contact import is_email
from accounts.rules.custom_values import Definition
from accounts.selectors.custom_fields import field_book
from config.kernel.bilingual import is_chinese
from config.kernel.numbers import row_id
from config.kernel.tokens import new_secret
from feedback.enums import Channel
from feedback.forms.custom_inputs import add_inputs, inputs_in_groups
from feedback.models import Category, Product
from feedback.selectors.custom_fields import Imagined, fields_of_feedback
from feedback.services.attachments import MAX_BYTES, MAX_FILES, MAX_TOGETHER, IncomingFile

SALT = "huiyin.form"
TOO_QUICK = timedelta(seconds=3)
TOO_OLD = timedelta(days=7)
TEXT_LIMIT = 20_000


def new_stamp() -> str:
    """Signed: when the form was opened, and a nonce that makes a second submit the same one."""
    return signing.dumps({"at": timezone.now().timestamp(), "nonce": new_secret(12)}, salt=SALT)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Any number of files, up to what one message may carry."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(SeveralFiles, self).clean(one, initial) for one in given if one]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                gettext("At most %(n)d files can be sent at once.") % {"n": MAX_FILES}
            )
        for one in files:
            if one.size > MAX_BYTES:
                raise forms.ValidationError(
                    gettext("“%(name)s” is larger than %(mb)d MB.")
                    % {"name": one.name, "mb": MAX_BYTES // 1024 // 1024}
                )
        if sum(one.size for one in files) > MAX_TOGETHER:
            raise forms.ValidationError(
                gettext("Together they are larger than %(mb)d MB. Please send them in parts.")
                % {"mb": MAX_TOGETHER // 1024 // 1024}
            )
        return files


def incoming(files: list[UploadedFile]) -> list[IncomingFile]:
    return [IncomingFile(name=one.name or "", content=one.read()) for one in files]


class StampedForm(forms.Form):
    """A form that anybody may send: no session and no cookie, a signed stamp instead, so that
    nothing typed is lost because something expired."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    # Only programs fill this in; people do not see it.
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    data: Any  # a QueryDict, or a plain dictionary in tests
    nonce = ""

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            stamp = signing.loads(cleaned.get("stamp", ""), salt=SALT, max_age=TOO_OLD)
        except signing.BadSignature:
            self._stamp_again()
            raise forms.ValidationError(
                _("This page was open for a long time. Nothing is lost: please send it again.")
            ) from None
        # Whoever must correct something else anyway need not hear of it.
        quick = timezone.now().timestamp() - stamp["at"] < TOO_QUICK.total_seconds()
        if quick and not self.errors:
            raise forms.ValidationError(
                _("That was very quick. Please check what you wrote and send it again.")
            )
        self.nonce = stamp["nonce"]
        return cleaned

    def _stamp_again(self) -> None:
        self.data = self.data.copy()
        self.data["stamp"] = new_stamp()


class FeedbackForm(StampedForm):
    """Few fields: what it is about, what happened, how to reach the customer."""

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("What is it about?"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = forms.CharField(
        label=_("What would you like to tell us?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a few words, so that we know what happened.")},
    )
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label=_("Not sure")
    )
    order_number = forms.CharField(label=_("Order number"), max_length=60, required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    # Which custom fields the page showed, so that those of a category chosen on it are asked in a
    # second step.
    asked = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We answer here. It is used for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("We need an address to answer to.")},
    )
    files = SeveralFiles(  # type: ignore[assignment]  # not BaseForm's attribute: a field
        label=_("Pictures or documents"),
        required=False,
        help_text=_("Up to 20 files of 20 MB each, together 45 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices_of("category").queryset = Category.objects.public()
        products = Product.objects.active()
        if products.exists():
            self._choices_of("product").queryset = products
        else:
            del self.fields["product"]
        self._ask_more()

    def _ask_more(self) -> None:
        """Inputs of the custom fields that customers see, as far as the category is known."""
        self.more: list[Definition] = []
        if not any(one.is_public for one in field_book().of(FieldSubject.FEEDBACK)):
            return
        record = Imagined(
            category=self._category(),
            channel=Channel.WEB_FORM,
            language="zh-hans" if is_chinese(get_language()) else "en",
        )
        self.more = [one for one in fields_of_feedback(record) if one.is_public]
        usual = {one.code: one.default for one in self.more}
        add_inputs(self, self.more, usual, for_customer=True)
        codes = ",".join(one.code for one in self.more)
        self.fields["asked"].initial = codes
        if self.is_bound:
            before = str(self.data.get("asked", "")).split(",")
            self.has_new_questions = any(one.code not in before for one in self.more)
            self.data = self.data.copy()
            self.data["asked"] = codes

    has_new_questions = False

    def _category(self) -> Category | None:
        if not self.is_bound:
            preset: Category | None = self.initial.get("category")
            return preset
        key = row_id(str(self.data.get("category", "")))
        return Category.objects.public().filter(pk=key).first() if key is not None else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_new_questions and not self.errors:
            raise forms.ValidationError(
                _("There are a few questions about this below: answer what you can, then send it.")
            )
        return cleaned

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return inputs_in_groups(self, self.more)

    def _choices_of(self, name: str) -> Any:
        return self.fields[name]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if not is_email(email):
            raise forms.ValidationError(
                _("This does not look like an e-mail address, for example name@example.com.")
            )
        return str(email)


class CustomerAnswerForm(StampedForm):
    """What a customer adds on the status page."""

    text = forms.CharField(
        label=_("Add something or answer"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )
    files = SeveralFiles(  # type: ignore[assignment]  # not BaseForm's attribute: a field
        label=_("Pictures or documents"), required=False
    )
