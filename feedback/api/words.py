"""/categories/, /products/, /tags/: the words by which records are sorted."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import (
    Archivable,
    ArchivedFilter,
    ArchivedSettings,
    WordSerializer,
    name_is_free,
)
from accounts.models import Team
from config.kernel.api_fields import (
    BigId,
    CodeField,
    NewCodeField,
    StrictInput,
    TextField,
    WholeField,
    YesNoField,
)
from config.kernel.errors import DomainError
from feedback.models import Category, Product, Tag
from feedback.services.categories import (
    bring_back_category,
    ensure_place,
    merge_category,
    remove_category,
    save_category,
)
from feedback.services.products import bring_back_product, remove_product, save_product
from feedback.services.setting_names import ensure_code_stays
from feedback.services.tags import bring_back_tag, merge_tags, remove_tag, save_tag

USED_ONES_STAY = "One that records have is archived: they keep it, nobody is offered it any more."


def code_may_be(stored: Any, code: str) -> str:
    """Raises ValidationError when settings name the code that the row has."""
    try:
        ensure_code_stays(stored, code)
    except DomainError as refusal:
        raise serializers.ValidationError(str(refusal.message)) from refusal
    return code


class NumberMergedSerializer(serializers.Serializer[Any]):
    records = serializers.IntegerField(help_text=_("How many were changed."))


class CategorySerializer(StrictInput, Archivable, serializers.ModelSerializer[Category]):
    code = NewCodeField(max_length=50)
    parent: Any = CodeField(
        queryset=Category.objects.active(),
        allow_null=True,
        required=False,
        help_text=_("Below which other one; three levels at most."),
    )
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    product_quality = YesNoField(required=False)
    is_public = YesNoField(required=False)
    seed_words = TextField(max_length=4000, allow_blank=True, required=False)
    example_zh = TextField(max_length=2000, allow_blank=True, required=False)
    example_en = TextField(max_length=2000, allow_blank=True, required=False)
    order = WholeField(min_value=0, max_value=32767, required=False)

    class Meta:
        model = Category
        fields = [
            "code", "parent", "name_zh", "name_en", "team", "product_quality", "is_public",
            "seed_words", "example_zh", "example_en", "order", "is_archived",
        ]  # fmt: skip
        validators: list[Any] = []

    def validate_code(self, code: str) -> str:
        name_is_free(Category.objects, self.instance, code=code)
        return code_may_be(self.instance, code)

    def validate_parent(self, parent: Category | None) -> Category | None:
        here = self.instance if isinstance(self.instance, Category) else Category()
        try:
            ensure_place(here, parent)
        except DomainError as refusal:
            raise serializers.ValidationError(str(refusal.message)) from refusal
        return parent


class MergeCategorySerializer(StrictInput):
    into = CodeField(queryset=Category.objects.active())


@extend_schema_view(
    list=extend_schema(summary="List the categories in use"),
    retrieve=extend_schema(summary="One category"),
    create=extend_schema(
        summary="Add a category",
        responses={201: CategorySerializer},
        examples=[
            OpenApiExample(
                "Below another one",
                {
                    "code": "leaks",
                    "parent": "product",
                    "name_zh": "漏水",
                    "name_en": "Leaks",
                    "product_quality": True,
                },
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(summary="Change a category: only what is sent"),
    destroy=extend_schema(
        summary="Remove a category",
        description=f"{USED_ONES_STAY} What lies below it goes with it.",
        responses={204: None},
    ),
)
class CategoryViewSet(ArchivedSettings):
    queryset = Category.objects.select_related("parent")
    serializer_class = CategorySerializer
    lookup_field = "code"
    lookup_value_converter = "str"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_category"
    permission_by_action = {
        "create": "feedback.add_category",
        "destroy": "feedback.delete_category",
        "merge": "feedback.delete_category",
    }
    save_row = staticmethod(save_category)
    remove_row = staticmethod(remove_category)
    bring_back_row = staticmethod(bring_back_category)

    @extend_schema(
        summary="Give everything that it holds to another category, and remove it",
        description="Refused with “merge_not_possible” into what lies below it.",
        request=MergeCategorySerializer,
        responses=NumberMergedSerializer,
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: SignedInApiRequest, **where: Any) -> Response:
        given = self.given(MergeCategorySerializer)
        return Response({"records": merge_category(self.get_object(), by=request.user, **given)})


class ProductSerializer(StrictInput, Archivable, serializers.ModelSerializer[Product]):
    code = NewCodeField(max_length=50)
    name_zh = TextField(max_length=120)
    name_en = TextField(max_length=120)

    class Meta:
        model = Product
        fields = ["code", "name_zh", "name_en", "is_archived"]
        validators: list[Any] = []

    def validate_code(self, code: str) -> str:
        name_is_free(Product.objects, self.instance, code=code)
        return code_may_be(self.instance, code)


@extend_schema_view(
    list=extend_schema(summary="List the products in use"),
    retrieve=extend_schema(summary="One product"),
    create=extend_schema(
        summary="Add a product",
        responses={201: ProductSerializer},
        examples=[
            OpenApiExample(
                "A kettle",
                {"code": "kettle-2", "name_zh": "电水壶二代", "name_en": "Kettle 2"},
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(summary="Change a product: only what is sent"),
    destroy=extend_schema(
        summary="Remove a product", description=USED_ONES_STAY, responses={204: None}
    ),
)
class ProductViewSet(ArchivedSettings):
    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    lookup_field = "code"
    lookup_value_converter = "str"
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_product"
    permission_by_action = {
        "create": "feedback.add_product",
        "destroy": "feedback.delete_product",
    }
    save_row = staticmethod(save_product)
    remove_row = staticmethod(remove_product)
    bring_back_row = staticmethod(bring_back_product)


class TagSerializer(WordSerializer):
    class Meta:
        model = Tag
        fields = ["id", "name", "is_archived"]
        validators: list[Any] = []


class MergeTagSerializer(StrictInput):
    into = BigId(queryset=Tag.objects.filter(archived_at=None))


class TagFilter(ArchivedFilter):
    q = filters.CharFilter("name", lookup_expr="icontains", label=_("A piece of the name"))


@extend_schema_view(
    list=extend_schema(summary="List the tags in use"),
    retrieve=extend_schema(summary="One tag"),
    create=extend_schema(
        summary="Add a tag",
        responses={201: TagSerializer},
        examples=[OpenApiExample("A tag", {"name": "leak"}, request_only=True)],
    ),
    partial_update=extend_schema(summary="Call a tag something else"),
    destroy=extend_schema(
        summary="Remove a tag", description=USED_ONES_STAY, responses={204: None}
    ),
)
class TagViewSet(ArchivedSettings):
    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_class = TagFilter
    read_permission, write_permission = "feedback.view_feedback", "feedback.change_tag"
    permission_by_action = {
        "create": "feedback.add_tag",
        "destroy": "feedback.delete_tag",
        "merge": "feedback.delete_tag",
    }
    save_row = staticmethod(save_tag)
    remove_row = staticmethod(remove_tag)
    bring_back_row = staticmethod(bring_back_tag)

    @extend_schema(
        summary="Records that carry it carry another tag instead; it is deleted",
        description="Refused with “same_tag”.",
        request=MergeTagSerializer,
        responses=NumberMergedSerializer,
    )
    @action(detail=True, methods=["post"])
    def merge(self, request: SignedInApiRequest, **where: Any) -> Response:
        given = self.given(MergeTagSerializer)
        return Response({"records": merge_tags(self.get_object(), by=request.user, **given)})
