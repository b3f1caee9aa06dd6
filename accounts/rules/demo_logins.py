"""The four well-known people of the demo company, for whom anybody may log in on a machine
where the product is tried out (settings.DEBUG). They exist only while the demo does."""

from dataclasses import dataclass

from accounts.enums import Role

DEMO_DOMAIN = "demo.example"  # reserved by RFC 2606: no mail can ever go there
DEMO_PASSWORD = "huiyin-demo"  # noqa: S105 - on purpose known to everybody; DEBUG only


@dataclass(frozen=True, slots=True)
class DemoLogin:
    role: Role
    name: str
    email: str


DEMO_LOGINS = (
    DemoLogin(Role.AGENT, "林晓雨", f"agent@{DEMO_DOMAIN}"),
    DemoLogin(Role.LEAD, "陈国华", f"lead@{DEMO_DOMAIN}"),
    DemoLogin(Role.ANALYST, "Olivia Marsh", f"analyst@{DEMO_DOMAIN}"),
    DemoLogin(Role.ADMIN, "许文博", f"admin@{DEMO_DOMAIN}"),
)
