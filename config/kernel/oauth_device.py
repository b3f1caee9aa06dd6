"""Signing in with a code that a person types in a browser elsewhere (OAuth 2 device
authorization, RFC 8628): a machine without a browser gets a refresh token so. Stores nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import sleep
from typing import Any

from config.kernel.oauth import (
    Application,
    NoTokenBecause,
    Token,
    TokenRefused,
    ask_server,
    read_fields,
    read_token,
    refusal,
)
from config.kernel.printable import printable

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LONGEST_SECONDS = 15 * 60
USUAL_PAUSE, LONGEST_PAUSE, SLOWER = 5, 60, 5  # seconds between two questions


@dataclass(frozen=True, slots=True)
class Device:
    """What a person types where, and for how many seconds that holds."""

    user_code: str
    address: str
    seconds: int
    pause: int
    code: str = field(repr=False)


def begin(application: Application, device_url: str) -> Device:
    """Ask for a code. Never inside a transaction. Raises TokenRefused."""
    form = {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "scope": application.scope,
    }
    answer = ask_server(device_url, form)
    given = read_fields(answer)
    address = given.get("verification_uri") or given.get("verification_url")  # Google's name
    if not answer.is_good or not (given.get("device_code") and given.get("user_code") and address):
        raise refusal(answer, given)
    return Device(
        user_code=printable(str(given["user_code"]))[:40],
        address=printable(str(address))[:200],
        seconds=_whole(given.get("expires_in"), LONGEST_SECONDS, most=LONGEST_SECONDS),
        pause=_whole(given.get("interval"), USUAL_PAUSE, most=LONGEST_PAUSE),
        code=str(given["device_code"]),
    )


def wait_for_token(
    application: Application, device: Device, *, pause: Callable[[float], None] = sleep
) -> Token:
    """Until the person has signed in, at most as long as the code holds. Raises TokenRefused."""
    form = {
        "grant_type": GRANT,
        "device_code": device.code,
        "client_id": application.client_id,
        "client_secret": application.client_secret,
    }
    left = device.seconds
    while left > 0:
        pause(device.pause)
        left -= device.pause
        answer = ask_server(application.token_url, form)
        match read_fields(answer).get("error"):
            case "authorization_pending":
                continue
            case "slow_down":
                device = replace(device, pause=min(device.pause + SLOWER, LONGEST_PAUSE))
            case _:
                return read_token(answer)
    raise TokenRefused(NoTokenBecause.ENDED, "expired_token Nobody signed in in time.")


def _whole(said: Any, usual: int, *, most: int) -> int:
    try:
        return max(1, min(int(said), most))
    except (TypeError, ValueError, OverflowError):
        return usual
