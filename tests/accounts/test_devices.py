"""People recognise their own devices; nobody reads User-Agents."""

import pytest

from accounts.templatetags.devices import browser_words

ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 Chrome/129.0 Mobile"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (f"{WINDOWS} Edg/129.0", "Edge on Windows"),
        (f"{MAC} Version/17.6 Safari/605.1.15", "Safari on macOS"),
        (f"{ANDROID} MicroMessenger/8.0.50", "WeChat on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) CriOS/129.0 Safari", "Chrome on iPhone"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_has_a_name(user_agent, words):
    assert browser_words(user_agent) == words
