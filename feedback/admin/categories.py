from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import SignedInRequest
from config.kernel.admin.base import ArchivingAdmin
from config.kernel.admin.object_actions import object_action
from config.kernel.errors import DomainError
from feedback.models import Category, Feedback, Product
from feedback.rules.seed_words import seed_words_of
from feedback.services.categories import (
    MAX_DEPTH,
    bring_back_category,
    ensure_place,
    merge_category,
    remove_category,
    save_category,
)
from feedback.services.products import bring_back_product, remove_product, save_product
from feedback.services.setting_names import ensure_code_stays


def uses(field: str) -> Any:
    """How many records point at the row by `field`."""
    counted = Feedback.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)


class CodedForm(forms.ModelForm):
    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        try:
            ensure_code_stays(self.instance, code)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return code


class CategoryForm(CodedForm):
    """A name in one language and the words that tell it are enough to begin with."""

    class Meta:
        model = Category
        fields = [
            "name_zh", "name_en", "seed_words", "parent", "team", "is_public", "product_quality",
            "example_zh", "example_en", "order", "code",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "seed_words": AdminTextareaWidget(attrs={"rows": 4}),
            "example_zh": AdminTextareaWidget(attrs={"rows": 3}),
            "example_en": AdminTextareaWidget(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name_en": gettext_lazy("One name is enough: left empty, it is as the other."),
            "code": gettext_lazy("What programs call it. Left empty, it is made from the name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name_zh", "name_en", "code"):
            if name in self.fields:  # none of them where it can only be looked at
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = [given.get("name_zh", ""), given.get("name_en", "")]
        if not any(names):
            self.add_error("name_zh", _("Give it a name, in Chinese or in English."))
        given["name_zh"], given["name_en"] = names[0] or names[1], names[1] or names[0]
        return given

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        try:
            ensure_place(self.instance, parent)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
        return parent


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(Category.objects.none(), label=gettext_lazy("Merge into"))

    def __init__(self, *args: Any, source: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = Category.objects.active().exclude(path__startswith=source.path)
        self.fields["into"].queryset = possible.order_by("path")  # type: ignore[attr-defined]


# How many ancestors a row has, by the depth of the tree.
_ANCESTORS = (
    Q(parent=None),
    Q(parent__isnull=False, parent__parent=None),
    Q(parent__parent__isnull=False),
)


def _place(level: int, field: str) -> Case:
    """`field` of the ancestor on that level (0 = root), the row itself included; null where the
    row lies higher. So the tree can be sorted without a column for it."""
    found = [
        When(_ANCESTORS[above], then=F("parent__" * (above - level) + field))
        for above in range(level, MAX_DEPTH)
    ]
    return Case(*found, output_field=IntegerField())


IN_TREE_ORDER = [
    _place(level, field).asc(nulls_first=True)
    for level in range(MAX_DEPTH)
    for field in ("order", "id")
]


@admin.register(Category)
class CategoryAdmin(ArchivingAdmin):
    """The tree as a tree. A category in use is archived and not deleted; two that mean the same
    are merged."""

    form = CategoryForm
    autocomplete_fields = ["parent", "team"]
    fieldsets = [
        (None, {"fields": ["name_zh", "name_en", "seed_words", "parent", "team"]}),
        (
            gettext_lazy("What customers see"),
            {"fields": ["is_public", "example_zh", "example_en"]},
        ),
        (gettext_lazy("More"), {"fields": ["product_quality", "order", "code"]}),
    ]
    list_display = ["in_tree", "word_count", "team", "is_public", "use_count", "code"]
    list_select_related = ["team", "parent"]
    search_fields = ["code", "name_zh", "name_en"]
    history_hidden = ["path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(use_number=uses("category"))

    def get_ordering(self, request: HttpRequest) -> Any:
        return IN_TREE_ORDER

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        """What lies below goes first: a tree that nobody used is gone, and not archived for its
        own branches."""
        super().delete_queryset(request, queryset.order_by("-path"))

    @admin.display(description=gettext_lazy("category"))
    def in_tree(self, category: Any) -> str:
        mark = "" if category.archived_at is None else f" ({_('archived')})"
        ancestors = category.path.count("/") - 2
        indent = "\u2003" * ancestors + ("└ " if ancestors else "")
        return f"{indent}{category.name}{mark}".replace(" ", "\u00a0")  # on one line

    @admin.display(description=gettext_lazy("words that tell it"))
    def word_count(self, category: Category) -> str:
        """How many beside the names, by which the machine knows it on the first day."""
        number = len(seed_words_of(category.seed_words))
        return str(number) if number else _("none yet")

    @admin.display(description=gettext_lazy("records"), ordering="use_number")
    def use_count(self, category: Any) -> int:
        return int(category.use_number)

    def save_setting(self, request: HttpRequest, obj: Category, *, is_new: bool) -> None:
        save_category(obj)

    def remove_setting(self, request: HttpRequest, obj: Category) -> bool:
        return remove_category(obj)

    def below_number(self, obj: Category) -> int:
        below = Category.objects.under(obj).exclude(pk=obj.pk)
        return int(below.filter(archived_at=None).count())

    def bring_back_setting(self, request: HttpRequest, obj: Category) -> None:
        bring_back_category(obj)

    @object_action(gettext_lazy("Merge into another"), is_page=True, permission="delete")
    def merge(self, request: SignedInRequest, obj: Category) -> HttpResponse:
        form = MergeForm(request.POST or None, source=obj)
        if form.is_valid():
            moved = merge_category(obj, into=form.cleaned_data["into"], by=request.user)
            text = ngettext("%(n)d record was moved.", "%(n)d records were moved.", moved)
            self.message_user(request, text % {"n": moved})
            return HttpResponseRedirect(reverse("admin:feedback_category_changelist"))
        return self.object_page(
            request,
            obj,
            "admin/feedback/merge.html",
            _("Merge"),
            form=form,
            records=Feedback.objects.filter(category=obj).count(),
            children=[child.name for child in obj.children.all()],
        )


@admin.register(Product)
class ProductAdmin(ArchivingAdmin):
    form = CodedForm
    fields = ["code", "name_zh", "name_en"]
    list_display = ["__str__", "code", "name_zh", "name_en", "use_count"]
    search_fields = ["code", "name_zh", "name_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).annotate(use_number=uses("product"))

    @admin.display(description=gettext_lazy("records"), ordering="use_number")
    def use_count(self, product: Any) -> int:
        return int(product.use_number)

    def save_setting(self, request: HttpRequest, obj: Product, *, is_new: bool) -> None:
        save_product(obj)

    def remove_setting(self, request: HttpRequest, obj: Product) -> bool:
        return remove_product(obj)

    def bring_back_setting(self, request: HttpRequest, obj: Product) -> None:
        bring_back_product(obj)
