"""Text of strangers for a line of ours."""


def printable(text: str) -> str:
    """`text` in one line: a space for each line break, control or other invisible character."""
    return "".join(c if c.isprintable() else " " for c in text)
