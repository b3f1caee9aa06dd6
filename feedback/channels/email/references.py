"""Message-IDs: one spelling for each, and which ones a mail points to."""

import re
from hashlib import sha256

MAX_ID = 250
MAX_REFERENCES = 100
MAX_INPUT = 65_536
BRACKETED = re.compile(r"<([^<>]{1,2000})>")
BLANKS = re.compile(r"\s+")


def normal_id(text: str) -> str:
    """Return `<left@right>` for one Message-ID however it was written, or empty.

    Ids over 250 characters become `<sha256@long-id>`, so that equal ids stay equal.
    """
    found = BRACKETED.search(text[:MAX_INPUT])
    inner = BLANKS.sub("", found[1] if found else text[:MAX_INPUT]).strip("<>,;\"'")
    if not inner:
        return ""
    if len(inner) + 2 > MAX_ID:
        return f"<{sha256(inner.encode('utf-8', 'replace')).hexdigest()}@long-id>"
    return f"<{inner}>"


def extract_ids(text: str) -> tuple[str, ...]:
    """Return every Message-ID in an In-Reply-To or References value, in order, once each.

    Commas, line breaks and missing brackets are accepted. Of very long chains the root and the
    nearest parents are kept.
    """
    text = text[:MAX_INPUT]
    raw = [found[0] for found in BRACKETED.finditer(text)]
    if not raw:
        raw = [word for word in re.split(r"[\s,;]+", text) if "@" in word]
    ids = list(dict.fromkeys(filter(None, map(normal_id, raw))))
    if len(ids) > MAX_REFERENCES:
        ids = [ids[0], *ids[1 - MAX_REFERENCES :]]
    return tuple(ids)


def synthetic_id(parts: list[bytes]) -> str:
    """Return `<sha256@no-id>`, the same for every copy of the same mail.

    `parts` are the fields and the body that travel unchanged; line endings do not count.
    """
    digest = sha256()
    for part in parts:
        digest.update(b"\n".join(line.rstrip() for line in part.split(b"\n")).strip())
        digest.update(b"\x00")
    return f"<{digest.hexdigest()}@no-id>"
