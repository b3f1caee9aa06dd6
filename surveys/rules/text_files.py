"""Texts that people upload. Pure."""


def decoded(raw: bytes) -> str:
    """Files of Excel in China are GB 18030 when they are not UTF-8; what is neither is read as
    far as it goes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
