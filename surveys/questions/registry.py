"""The kinds of question there are. A new kind is a module here, one name in this list and one
template `surveys/questions/<name>.html`."""

from surveys.questions.base import Element, QuestionType
from surveys.questions.long_text import LongText
from surveys.questions.single_choice import SingleChoice
from surveys.questions.stars import Stars

TYPES: dict[str, QuestionType] = {
    kind.name: kind for kind in (SingleChoice(), Stars(), LongText())
}


def type_of(element: Element) -> QuestionType:
    return TYPES[element.type]
