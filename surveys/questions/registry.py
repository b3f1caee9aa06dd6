"""The kinds of question there are. A new kind is a class in a module here, one name in this list
and one template `surveys/questions/<name>.html`."""

from surveys.questions.base import Element, QuestionType
from surveys.questions.choosing import Consent, Dropdown, MultipleChoice, SingleChoice
from surveys.questions.contact import Contact
from surveys.questions.files import File
from surveys.questions.matrices import Likert, MatrixMulti
from surveys.questions.numbers import ConstantSum, Date, Number
from surveys.questions.ranking import Ranking
from surveys.questions.scales import Ces, Csat, Emoji, Nps, Scale, Slider
from surveys.questions.stars import Stars
from surveys.questions.unasked import Calculated, Hidden, Statement
from surveys.questions.writing import LongText, ShortText

KINDS: tuple[QuestionType, ...] = (
    SingleChoice(),
    MultipleChoice(),
    Dropdown(),
    Stars(),
    Emoji(),
    Scale(),
    Nps(),
    Csat(),
    Ces(),
    Likert(),
    MatrixMulti(),
    Ranking(),
    ShortText(),
    LongText(),
    Number(),
    Date(),
    Slider(),
    ConstantSum(),
    File(),
    Contact(),
    Consent(),
    Statement(),
    Calculated(),
    Hidden(),
)
TYPES: dict[str, QuestionType] = {kind.name: kind for kind in KINDS}


def type_of(element: Element) -> QuestionType:
    return TYPES[element.type]
