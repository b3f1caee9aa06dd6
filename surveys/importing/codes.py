"""Codes that are valid here, and once only, out of names that other programs allow."""

import re
import unicodedata

LONGEST_QUESTION = 40
LONGEST_PART = 20  # a leaf is QUESTION_ROW and has room for 64
_RESERVED = frozenset({"lang", "language", "today", "customer"})


class Codes:
    """Gives each name a code of its own within one scope; `taken` are codes in small letters."""

    def __init__(self, *, is_question: bool, longest: int = LONGEST_QUESTION) -> None:
        self.is_question, self.longest = is_question, longest
        self.taken: set[str] = set(_RESERVED) if is_question else set()

    def give(self, name: str, otherwise: str) -> str:
        wanted = self.valid(name) or self.valid(otherwise)
        code, number = wanted, 2
        while code.lower() in self.taken:
            end = f"_{number}"
            code, number = wanted[: self.longest - len(end)] + end, number + 1
        self.taken.add(code.lower())
        return code

    def valid(self, name: str) -> str:
        ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        code = re.sub(r"[^A-Za-z0-9_]+", "_", ascii_).strip("_")
        if self.is_question and code and not code[0].isalpha():
            code = f"q{code}"
        return code[: self.longest].rstrip("_")
