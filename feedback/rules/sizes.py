"""How large something is, in words. Pure."""

MEGABYTE = 1024 * 1024


def in_megabytes(size: int) -> str:
    """Of bytes: "25 MB", "30.4 MB"."""
    return f"{round(size / MEGABYTE, 1):g} MB"
