from django import forms

from surveys.models import QuestionBankItem


class BankItemForm(forms.ModelForm):
    class Meta:
        model = QuestionBankItem
        fields = ["name_zh", "name_en"]
