"""How raw values are understood, whichever door they come in by: form, API or a file."""

import math
import unicodedata
from datetime import date
from typing import Any

SMALLEST_DATE = date(1000, 1, 1)


def is_nothing(raw: Any) -> bool:
    """Left out: null, an empty or blank text, an empty list or object."""
    return raw is None or raw in ([], {}, ()) or (isinstance(raw, str) and not raw.strip())


def whole_number(raw: Any) -> int | None:
    """4, 4.0 and "4" are four; True, "4.5", "４" and everything else are nothing."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        digits = raw.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 7:
            return int(raw)
        return None
    if isinstance(raw, int) or (isinstance(raw, float) and raw.is_integer()):
        return int(raw)
    return None


def decimal_number(raw: Any) -> float | None:
    """A number as people type it: "12.5", "１２.５", "12,5"; a comma with three digits behind it
    parts thousands ("1,200")."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return float(raw) if math.isfinite(raw) and abs(raw) < 1e15 else None
    if not isinstance(raw, str) or len(raw) > 40:
        return None
    typed = unicodedata.normalize("NFKC", raw).strip().replace("−", "-")
    head, comma, tail = typed.rpartition(",")
    if comma and "." not in typed and "," not in head and len(tail) != 3:
        typed = f"{head}.{tail}"
    typed = typed.replace(",", "").replace(" ", "")
    digits = typed.removeprefix("-").removeprefix("+").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return None
    number = float(typed)
    return number if abs(number) < 1e15 else None


def decimals_of(number: float) -> int:
    """How many digits stand behind the point."""
    written = f"{number:.6f}".rstrip("0")
    return len(written.rpartition(".")[2])


def day(raw: Any) -> date | None:
    """A day written YYYY-MM-DD."""
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str) or len(raw) != 10:
        return None
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return None
    return found if found >= SMALLEST_DATE else None


def clean_text(raw: str) -> str:
    """Line ends as \\n (a browser counts them so) and no control characters, which PostgreSQL
    (NUL) and spreadsheets do not take."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def clean_line(raw: str) -> str:
    """The same in one line."""
    return " ".join(clean_text(raw).split())
