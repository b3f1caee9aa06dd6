LONGEST = 18  # digits that fit a bigint, whatever they are


def row_id(text: str) -> int | None:
    """The number of a row as an address or a form names it; None for anything else. Stricter
    than str.isdigit(), which takes "²" and "٣", and never more than the column holds."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_number else None
