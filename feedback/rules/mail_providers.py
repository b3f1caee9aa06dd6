"""What is known of mail providers by their servers and addresses: what they want instead of a
password, and whether mail to `help+anything@` arrives at `help@` there. Pure.

Names and ports as the providers published them in November 2026 (docs/mailboxes.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Wants(StrEnum):
    """What signs in to IMAP."""

    CODE = "code"  # an authorization code made in the web mail
    OTHER_PROGRAMS = "other_programs"  # a password for them, where the account asks for one
    OAUTH2 = "oauth2"


@dataclass(frozen=True, slots=True)
class Provider:
    """`servers`: names of its IMAP servers, the usual one first. `domains`: what its own
    addresses end in; an enterprise has addresses of its own domain."""

    name: str
    servers: tuple[str, ...]
    wants: Wants
    domains: tuple[str, ...] = ()
    takes_plus: bool = False
    token_url: str = ""
    token_scope: str = ""


PROVIDERS = {
    "google": Provider(
        "Google",
        ("imap.gmail.com",),
        Wants.OAUTH2,
        ("gmail.com", "googlemail.com"),
        takes_plus=True,
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        token_scope="https://mail.google.com/",  # noqa: S106
    ),
    "microsoft": Provider(
        "Microsoft 365",
        ("outlook.office365.com",),
        Wants.OAUTH2,
        ("outlook.com", "hotmail.com", "live.com"),
        takes_plus=True,
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106
        token_scope="https://outlook.office.com/IMAP.AccessAsUser.All offline_access",  # noqa: S106
    ),
    "qq": Provider(
        "QQ 邮箱", ("imap.qq.com",), Wants.CODE, ("qq.com", "vip.qq.com", "foxmail.com")
    ),
    "163": Provider(
        "网易 163",
        ("imap.163.com", "imap.vip.163.com"),
        Wants.CODE,
        ("163.com", "vip.163.com", "188.com", "vip.188.com"),
    ),
    "126": Provider(
        "网易 126",
        ("imap.126.com", "imap.vip.126.com"),
        Wants.CODE,
        ("126.com", "vip.126.com"),
    ),
    "yeah": Provider("网易 yeah.net", ("imap.yeah.net",), Wants.CODE, ("yeah.net",)),
    "exmail": Provider(
        "腾讯企业邮 (Exmail)",
        ("imap.exmail.qq.com", "hwimap.exmail.qq.com"),
        Wants.OTHER_PROGRAMS,
    ),
    "netease": Provider(
        "网易企业邮箱", ("imap.qiye.163.com", "imaphz.qiye.163.com"), Wants.OTHER_PROGRAMS
    ),
    "aliyun": Provider("阿里云个人邮箱", ("imap.aliyun.com",), Wants.CODE, ("aliyun.com",)),
    "qiye_aliyun": Provider(
        "阿里邮箱企业版",
        ("imap.qiye.aliyun.com", "imap.mxhichina.com"),
        Wants.OTHER_PROGRAMS,
    ),
    "sina": Provider(
        "新浪邮箱",
        ("imap.sina.com", "imap.sina.cn", "imap.vip.sina.com"),
        Wants.CODE,
        ("sina.com", "sina.cn", "vip.sina.com"),
    ),
}


def provider_of(server: str, addresses: Iterable[str]) -> Provider | None:
    """By the whole name of its server, else by what an address ends in after the @; None for one
    that is not known. An enterprise's server is never taken for that of personal accounts."""
    server = server.strip().lower()
    domains = {one.rpartition("@")[2].strip().lower() for one in addresses}
    by_server = (one for one in PROVIDERS.values() if server in one.servers)
    by_domain = (one for one in PROVIDERS.values() if domains.intersection(one.domains))
    return next(by_server, None) or next(by_domain, None)
