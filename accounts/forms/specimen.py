from django import forms
from django.utils.translation import gettext_lazy as _


class SpecimenForm(forms.Form):
    """One field of each kind, for the style guide."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Only to answer you."))
    product = forms.ChoiceField(
        label=_("Product"), choices=[("a", _("Water filter")), ("b", _("Rice cooker"))]
    )
    stars = forms.ChoiceField(
        label=_("How content are you?"),
        choices=[("3", _("Very")), ("2", _("So-so")), ("1", _("Not at all"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("What happened?"), widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.FileField(label=_("Photo"), required=False, help_text=_("Up to 10 MB."))
    agree = forms.BooleanField(label=_("You may ask me about this later"), required=False)
