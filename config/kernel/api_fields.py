"""Serializer fields that the endpoints share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

_refuse_surrogates = ProhibitSurrogateCharactersValidator()


class CodeField(serializers.SlugRelatedField):
    """Another row, by its code."""

    default_error_messages = {"does_not_exist": _("There is no {slug_name} “{value}” in use.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field=kwargs.pop("slug_field", "code"), **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Nothing is null; an empty text is a variable that was empty, and names no row."""
        if data == "":
            self.fail("invalid")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        _refuse_surrogates(data)
        return super().to_internal_value(data)


class CodeOf(serializers.SlugRelatedField):
    """Another row, shown by its code."""

    def __init__(self, slug_field: str = "code", **kwargs: Any) -> None:
        super().__init__(slug_field=slug_field, read_only=True, **kwargs)


class BigId(serializers.PrimaryKeyRelatedField):
    """Another row, by its number; numbers that no row can have are refused as such."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data < 2**63:
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class ChoiceNameField(serializers.ChoiceField):
    """An integer choice under the lower-case name of its member: 4 ↔ "urgent"."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        self.enum = choices
        super().__init__([one.name.lower() for one in choices], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return int(self.enum[super().to_internal_value(data).upper()])

    def to_representation(self, value: Any) -> str:
        return str(self.enum(value).name.lower())


class TextField(serializers.CharField):
    """Text and nothing that could be made into it."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class NewCodeField(serializers.SlugField):
    """The code of a row that is written, and nothing that could be made into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class YesNoField(serializers.BooleanField):
    """true or false and nothing that could be taken for it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeField(serializers.IntegerField):
    """A whole number and nothing that could be read as one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """A moment of this century: others have offsets that no document can say, or none at all."""

    def to_internal_value(self, value: Any) -> Any:
        moment = super().to_internal_value(value)
        if not 2000 <= moment.year < 2100:
            raise serializers.ValidationError(_("Choose a date of this century."))
        return moment


class TagNamesField(serializers.ListField):
    """Tags by their names; one that is not there yet is made by whoever writes them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 50)
        super().__init__(child=TextField(max_length=60), **kwargs)

    def to_representation(self, value: Any) -> list[str]:
        return [tag.name for tag in value.all()]


class StrictInput(serializers.Serializer[Any]):
    """What is sent under a name that nobody knows is refused, not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name) for name in set(data) - writable)
            if unknown:
                sentence = _("There is no such field to write.")
                raise serializers.ValidationError({name: [sentence] for name in unknown})
        return super().to_internal_value(data)


class WholeRow(StrictInput):
    """A row inside what is changed in part: the row itself is sent whole."""

    def to_internal_value(self, data: Any) -> Any:
        writable = {name: field for name, field in self.fields.items() if not field.read_only}
        if isinstance(data, dict):
            missing = [name for name, one in writable.items() if one.required and name not in data]
            if missing:
                words = serializers.Field.default_error_messages["required"]
                raise serializers.ValidationError({name: [words] for name in missing})
        row = super().to_internal_value(data)
        for field in writable.values():
            if field.default is not serializers.empty:
                row.setdefault(field.source, field.default)
        return row
