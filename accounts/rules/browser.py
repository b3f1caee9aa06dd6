"""Which browser on which system a User-Agent stands for; only to recognise one's own devices.

Browsers also name those they want to be taken for, so the special ones come before the ordinary:
an Edge says Chrome and Safari too, an Android says Linux.
"""

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """Its name, such as "Firefox"; empty for one that we do not know."""
    return next((name for mark, name in _BROWSERS if mark in user_agent), "")


def system_of(user_agent: str) -> str:
    """What it runs on, such as "Windows"; empty for one that we do not know."""
    return next((name for mark, name in _SYSTEMS if mark in user_agent), "")
