"""What customers fill in: the feedback form and the answer on the status page."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rules.contact import is_email
from config.kernel.bilingual import is_chinese
from config.kernel.tokens import new_secret
from feedback.enums import Channel, Priority
from feedback.forms.custom_inputs import AsksMore, add_inputs, begin_with_usual
from feedback.models import Category, FormDefinition, Product
from feedback.selectors.custom_fields import Imagined
from feedback.selectors.form_definitions import (
    categories_of_form,
    fields_of_form,
    may_ask_more,
    products_of_form,
    usual_form,
)
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


class FeedbackForm(AsksMore, StampedForm):
    """Few fields: what it is about, what happened, how to reach the customer; more of them as
    the form that an admin made has it (`definition`)."""

    category = forms.TypedChoiceField(
        label=_("What is it about?"), required=False, empty_value=None, widget=forms.RadioSelect
    )
    priority = forms.TypedChoiceField(
        label=_("How urgent is it for you?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What would you like to tell us?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a few words, so that we know what happened.")},
    )
    product = forms.TypedChoiceField(label=_("Product"), required=False, empty_value=None)
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

    def __init__(
        self, *args: Any, definition: FormDefinition | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition or usual_form()
        self._offer_categories()
        self._offer_priorities()
        if self.products:
            self._offer("product", lambda: self.products, none=[("", _("Not sure"))])
        else:
            del self.fields["product"]
        if not self.definition.asks_order_number:
            del self.fields["order_number"]
        if not self.definition.asks_files:
            del self.fields["files"]
        self._ask_more()

    # Read once: they are offered, they are what a choice means, and they decide what is asked.
    @cached_property
    def categories(self) -> list[Category]:
        return categories_of_form(self.definition)

    @cached_property
    def products(self) -> list[Product]:
        return products_of_form(self.definition)

    def _offer_categories(self) -> None:
        if self.definition.categories and len(self.categories) <= 1:
            del self.fields["category"]
            return
        self._offer("category", lambda: self.categories)
        self._preset: Category | None = self.initial.get("category")
        if self._preset is not None:
            self.initial = {**self.initial, "category": str(self._preset.pk)}

    def _offer(
        self, name: str, rows: Callable[[], Iterable[Any]], none: Sequence[Any] = ()
    ) -> None:
        """`rows` are looked at only when they are drawn or one of them was chosen."""
        field: Any = self.fields[name]
        field.choices = lambda: [*none, *((str(one.pk), one.name) for one in rows())]
        field.coerce = lambda key: next(one for one in rows() if str(one.pk) == key)

    def _offer_priorities(self) -> None:
        offered = self.definition.priorities
        if len(offered) > 1:
            field: Any = self.fields["priority"]
            field.choices = [(one, Priority(one).label) for one in offered]
        else:
            del self.fields["priority"]

    def _ask_more(self) -> None:
        """Inputs of the custom fields that customers see, as far as the category is known."""
        record = Imagined(
            category=self._category(),
            product=self._product(),
            priority=self._priority(),
            channel=Channel.WEB_FORM,
            language="zh-hans" if is_chinese(get_language()) else "en",
        )
        self.more = fields_of_form(self.definition, record)
        usual = {one.code: one.default for one in self.more}
        required = self.definition.required_here
        add_inputs(self, self.more, usual, for_customer=True, required_here=required)
        codes = ",".join(one.code for one in self.more)
        self.fields["asked"].initial = codes
        if self.is_bound:
            before = str(self.data.get("asked", "")).split(",")
            new = [one for one in self.more if one.code not in before]
            self.has_new_questions = bool(new)
            self.data = self.data.copy()
            self.data["asked"] = codes
            begin_with_usual(self, new)

    has_new_questions = False

    @property
    def may_ask_more(self) -> bool:
        """Whether what is chosen on the page can bring questions that it does not have yet."""
        return may_ask_more(self.definition)

    def _category(self) -> Category | None:
        if "category" not in self.fields:
            return self.categories[0] if self.categories else None
        if not self.is_bound:
            return self._preset
        found: Category | None = self._chosen("category", lambda: self.categories)
        return found

    def _chosen(self, name: str, rows: Callable[[], Iterable[Any]]) -> Any:
        key = str(self.data.get(name) or "")
        return next((one for one in rows() if str(one.pk) == key), None) if key else None

    def _product(self) -> Product | None:
        if not self.is_bound:
            return None
        found: Product | None = self._chosen("product", lambda: self.products)
        return found

    def _priority(self) -> int:
        offered = self.definition.priorities
        if len(offered) == 1:
            return int(offered[0])
        chosen = str(self.data.get("priority", "")) if self.is_bound else ""
        return next((one for one in offered if str(one) == chosen), Priority.NORMAL)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_new_questions and not self.errors:
            raise forms.ValidationError(
                _("There are a few questions about this below: answer what you can, then send it.")
            )
        return cleaned

    @property
    def examples(self) -> list[Category]:
        """Categories that show customers how to write about them."""
        return [one for one in self.categories if one.example]

    @property
    def asks_what_it_is(self) -> bool:
        return bool({"product", "order_number"} & set(self.fields))

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
