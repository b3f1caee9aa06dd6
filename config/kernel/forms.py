from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields are drawn by our own component, so that every form of the product looks alike."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
