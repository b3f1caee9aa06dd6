"""The way of somebody whose answers are stored, gone once more."""

from surveys.flow.definition import Definition, parse
from surveys.flow.walk import Walk, read_answers
from surveys.models import Response
from surveys.selectors.answers import stored_answers
from surveys.selectors.circumstances import circumstances_of


def walk_of(response: Response) -> tuple[Definition, Walk]:
    """Of a response that came through `with_answers`, with its version and its customer."""
    definition = parse(response.version.definition)
    answers = stored_answers(response, definition)
    return definition, read_answers(
        definition, answers, circumstances_of(response.customer, response.language)
    )
