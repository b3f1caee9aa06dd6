"""Categories as models know them: a word that stands in no text, made of their id. Pure."""


def label_of(category_id: int | str) -> str:
    return f"c{category_id}"


def category_of(label: str) -> int | None:
    """The id; None for a label of anything else."""
    return int(label[1:]) if label[:1] == "c" and label[1:].isdigit() else None
