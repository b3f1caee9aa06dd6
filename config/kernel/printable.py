"""Text of strangers for a line of ours."""


def printable(text: str) -> str:
    """`text` in one line: a space for each line break, control or other invisible character."""
    return "".join(c if c.isprintable() else " " for c in text)


def without_invisible(text: str) -> str:
    """What somebody copied from a page or a mail, without what they did not see: line ends, and
    all spaces and marks that are not ASCII (U+00A0, U+200B, U+FEFF). Plain spaces stay."""
    return "".join(c for c in text if c == " " or (c.isprintable() and not c.isspace()))
