"""OpenPGP in the middle of a plain text (RFC 9580, sections 6.2 and 7): signed words stay, what is
encrypted and keys become files."""

import re
from itertools import islice

from feedback.channels.email.parsed import Attachment

ENCRYPTED_FILE = "encrypted.asc"
MAX_BLOCKS = 50
BEGIN = re.compile(
    r"(?m)^-----BEGIN PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE|PUBLIC KEY BLOCK)-----[ \t]{0,20}\n"
)
HASHES = re.compile(r"(?:[A-Za-z]{1,20}: [^\n]{0,200}\n){0,10}[ \t]{0,20}(?:\n|\Z)")
ESCAPED = re.compile(r"(?m)^- ")
FILES = {
    "MESSAGE": (ENCRYPTED_FILE, "application/pgp-encrypted"),
    "PUBLIC KEY BLOCK": ("public-key.asc", "application/pgp-keys"),
}


def encrypted_note(file_name: str) -> str:
    """What stands for encrypted words; in no language, who reads it may speak any."""
    return f"[🔒 {file_name}]"


def without_armour(text: str) -> tuple[str, list[Attachment]]:
    """Return the words of `text`, and the encrypted blocks and keys that stood in it as files."""
    if "-----BEGIN PGP " not in text:
        return text, []
    kept: list[str] = []
    files: list[Attachment] = []
    position, is_signed = 0, False
    for found in islice(BEGIN.finditer(text), MAX_BLOCKS):
        kind = found[1]
        if found.start() < position:
            continue
        before = text[position : found.start()]
        kept.append(ESCAPED.sub("", before) if is_signed else before)
        is_signed = kind == "SIGNED MESSAGE"
        if is_signed:
            hashes = HASHES.match(text, found.end())
            position = hashes.end() if hashes else found.end()
            continue
        mark = f"-----END PGP {kind}-----"
        end = text.find(mark, found.end())
        if end < 0:
            position = found.start()
            break
        position = end + len(mark)
        if kind in FILES:
            name, content_type = FILES[kind]
            block = text[found.start() : position].encode()
            files.append(Attachment(name, content_type, block))
            kept.append(encrypted_note(name) if kind == "MESSAGE" else "")
    return "".join([*kept, text[position:]]), files
