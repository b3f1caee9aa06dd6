"""Sums as on paper: 0.9 - 0.6 is 0.3.

Numbers are those of JSON (IEEE double). What they print as is taken for what they are, the sum
is made exactly with whole numbers and a power of ten, and the result is the double next to it.
static/js/logic.js does the same steps with BigInt; no step depends on the machine.
"""

from decimal import Decimal

Number = int | float

_EXACT = 2**53
MOST_PLACES = 20
_DIGITS_OF_QUOTIENT = 60


def is_number(value: object) -> bool:
    """True and false are no numbers here."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(raw: Number) -> Number | None:
    """`raw` as both languages hold it: whole ones as whole, no minus zero; None where it is out
    of range."""
    if isinstance(raw, int) and -_EXACT <= raw <= _EXACT:
        return raw
    try:
        value = float(raw)
    except OverflowError:
        return None
    if value - value != 0:  # infinite, or not a number
        return None
    return int(value) if value.is_integer() and -_EXACT <= value <= _EXACT else value


def _parts(value: Number) -> tuple[int, int]:
    """(m, e) with value = m · 10^e, by the shortest decimal that means it."""
    if isinstance(value, int):
        return value, 0
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    mantissa = int("".join(map(str, digits)))
    return (-mantissa if sign else mantissa), int(exponent)


def _made(mantissa: int, exponent: int) -> Number | None:
    return number(float(f"{mantissa}e{exponent}"))


def _alike(one: Number, other: Number) -> tuple[int, int, int]:
    """Both mantissas over one exponent, the smaller one."""
    (m1, e1), (m2, e2) = _parts(one), _parts(other)
    low = min(e1, e2)
    return m1 * 10 ** (e1 - low), m2 * 10 ** (e2 - low), low


def add(one: Number, other: Number) -> Number | None:
    m1, m2, exponent = _alike(one, other)
    return _made(m1 + m2, exponent)


def subtract(one: Number, other: Number) -> Number | None:
    m1, m2, exponent = _alike(one, other)
    return _made(m1 - m2, exponent)


def multiply(one: Number, other: Number) -> Number | None:
    (m1, e1), (m2, e2) = _parts(one), _parts(other)
    return _made(m1 * m2, e1 + e2)


def divide(one: Number, other: Number) -> Number | None:
    """None for a division by zero."""
    (m1, e1), (m2, e2) = _parts(one), _parts(other)
    if m2 == 0:
        return None
    quotient, rest = divmod(abs(m1) * 10**_DIGITS_OF_QUOTIENT, abs(m2))
    # One digit more says that something is left, so that a half is never mistaken.
    quotient = quotient * 10 + (rest > 0)
    sign = -1 if (m1 < 0) != (m2 < 0) else 1
    return _made(sign * quotient, e1 - e2 - _DIGITS_OF_QUOTIENT - 1)


def remainder(one: Number, other: Number) -> Number | None:
    """What is left when `other` is taken away as often as it goes, with the sign of `one`."""
    m1, m2, exponent = _alike(one, other)
    if m2 == 0:
        return None
    left = abs(m1) % abs(m2)
    return _made(-left if m1 < 0 else left, exponent)


def rounded(value: Number, places: Number = 0) -> Number | None:
    """To so many decimal places (negative: tens, hundreds), halves away from zero. None unless
    `places` is a whole number from -20 to 20."""
    if not isinstance(places, int) or not -MOST_PLACES <= places <= MOST_PLACES:
        return None
    mantissa, exponent = _parts(value)
    drop = -places - exponent
    if drop <= 0:
        return number(value)
    unit = 10**drop
    quotient, rest = divmod(abs(mantissa), unit)
    quotient += 2 * rest >= unit
    return _made(-quotient if mantissa < 0 else quotient, -places)
