"""What our own mail server found out about a sender (Authentication-Results, RFC 8601).

Anybody can write such a header into a mail. One counts only when it stands on top of all others
and names a server that the mailbox is told to believe; below it, only bad news is believed. It
is read from the raw field: decoding encoded words first would let an address write results.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

# What the setting says for servers that write results without a name (Microsoft 365).
NAMELESS = "-"
RESULTS = frozenset(
    ("pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror")
)
BAD = frozenset(("fail", "softfail"))
RESULT = re.compile(r"\s*([a-z-]{1,20})(?:/\d{1,3})?\s{0,3}=\s{0,3}([a-z]{1,20})(?![^\s;])", re.I)
PROPERTY = re.compile(r"\s([a-z]{1,20}\.[a-z-]{1,20})\s{0,3}=\s{0,3}(\S{1,320})", re.I)
SERVER = re.compile(r"[^\s;=]{1,255}")


@dataclass(frozen=True, slots=True)
class Authentication:
    """`server` is who says so; `spf`, `dkim` and `dmarc` are words of RFC 8601, "" where nothing
    was said. `aligned`: what passed is about the domain that the reader sees as the sender."""

    server: str
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    aligned: bool = False

    @property
    def is_proven(self) -> bool:
        """Enough to act on the sender's account: DMARC passed for the address that is shown."""
        return self.dmarc == "pass"

    @property
    def is_refuted(self) -> bool:
        """The domain says by its own rules that it did not send this."""
        if self.dmarc in {"pass", "fail"}:
            return self.dmarc == "fail"
        return not self.aligned and (self.spf in BAD or self.dkim in BAD)

    def as_json(self) -> dict[str, str | bool]:
        return asdict(self)


def read_authentication(
    block: Sequence[str], *, trusted: Collection[str], sender: str
) -> Authentication | None:
    """Judge the results that stand on top of a mail (ParsedMail.authentication_results) by
    `sender`, the one From address. None when the topmost is not by a server of `trusted`."""
    believed = {name.lower() for name in trusted}
    statements = [one for one in map(_read, block) if one is not None]
    if not statements or len(statements) != len(block) or statements[0].server not in believed:
        return None
    top, below = statements[0], [one for one in statements[1:] if one.server in believed]
    domain = sender.rpartition("@")[2].lower()
    spf, spf_fits = top.spf(domain)
    dkim, dkim_fits = top.dkim(domain)
    dmarc = top.dmarc(domain)
    for one in below:
        spf = spf or _bad(one.spf(domain)[0])
        dkim = dkim or _bad(one.dkim(domain)[0])
        dmarc = "fail" if one.dmarc(domain) == "fail" else dmarc
    is_aligned = spf_fits or dkim_fits or dmarc == "pass"
    return Authentication(top.server, spf, dkim, dmarc, is_aligned and dmarc != "fail")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One header: whose, and (method, result, properties) in order."""

    server: str
    results: tuple[tuple[str, str, Mapping[str, str]], ...]

    def spf(self, domain: str) -> tuple[str, bool]:
        for method, result, about in self.results:
            if method == "spf":
                checked = about.get("smtp.mailfrom") or about.get("smtp.mail", "")
                return result, result == "pass" and _fits(checked, domain)
        return "", False

    def dkim(self, domain: str) -> tuple[str, bool]:
        """Of several signatures the one that speaks best for the sender."""
        found = [
            (result, result == "pass" and _fits(_signer(about), domain))
            for method, result, about in self.results
            if method == "dkim"
        ]
        return max(found, key=lambda one: (one[1], one[0] == "pass"), default=("", False))

    def dmarc(self, domain: str) -> str:
        """Only what was said about the domain that we read as the sender's."""
        said = [
            result if about.get("header.from", domain).rpartition("@")[2].lower() == domain else ""
            for method, result, about in self.results
            if method == "dmarc"
        ]
        return "fail" if "fail" in said else next(iter(said), "")


def _signer(about: Mapping[str, str]) -> str:
    return about.get("header.d") or about.get("header.i", "")


def _fits(address: str, domain: str) -> bool:
    """Whether the domain of `address` is `domain` or one of the two lies within the other."""
    other = address.rpartition("@")[2].lower().strip("<>.")
    if "." not in other or "." not in domain:
        return False
    return other == domain or other.endswith(f".{domain}") or domain.endswith(f".{other}")


def _bad(result: str) -> str:
    return result if result in BAD else ""


def _read(value: str) -> _Statement | None:
    """None for what is not well-formed: an unclosed comment or quotation hides anything."""
    clauses = _clauses(value)
    if clauses is None:
        return None
    head = SERVER.match(clauses[0].strip())
    is_nameless = bool(RESULT.match(clauses[0]))
    if head is None and not is_nameless:
        return None
    server = NAMELESS if is_nameless or head is None else head[0].lower()
    results = []
    for clause in clauses if is_nameless else clauses[1:]:
        if found := RESULT.match(clause):
            word = found[2].lower()
            about = {key.lower(): text for key, text in PROPERTY.findall(clause[found.end() :])}
            results.append((found[1].lower(), word if word in RESULTS else "none", about))
    return _Statement(server, tuple(results))


def _clauses(value: str) -> list[str] | None:
    """Cut at semicolons outside comments and quotations. Comments go; of a quotation only what
    cannot be taken for syntax stays. None when one of them does not end."""
    clauses, depth, is_quoted = [""], 0, False
    characters = iter(value)
    for sign in characters:
        if sign == "\\" and (depth or is_quoted):
            next(characters, "")
        elif is_quoted:
            is_quoted = sign != '"'
            clauses[-1] += sign if sign.isalnum() or sign in "@.-" else "" if sign == '"' else "_"
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif depth:
            continue
        elif sign == '"':
            is_quoted = True
        elif sign == ";":
            clauses.append("")
        else:
            clauses[-1] += sign
    return None if depth or is_quoted else clauses
