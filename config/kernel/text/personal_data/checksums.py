"""Check digits of numbers that people, companies and banks go by. Pure."""

from datetime import date
from functools import lru_cache

from config.kernel.text.personal_data.surroundings import words

# GB 11643: weights 2^(17-i) mod 11 of the first 17 digits, and the sign for each remainder.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_SIGNS = "10X98765432"
# GB/T 2260: the first two digits of provinces; 71, 81, 82 and 83 of permits of residence.
PROVINCES = words(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82 83"
)
# GB 32100: no I, O, S, V, Z; the weight of a place is 3^i mod 31.
_COMPANY_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANY_VALUES = {sign: value for value, sign in enumerate(_COMPANY_SIGNS)}
_COMPANY_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Who registers (first) and what is registered (second sign).
_REGISTRIES = words(
    "11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 54 55 59 61 62 69 71 72 79 81 89 91 92 93"
    " A1 A9 N1 N2 N3 N9 Y1"
)
# Lengths of account numbers of the registry of IBAN (ISO 13616).
_IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS"), 22),
    **dict.fromkeys(("AE", "GI", "IL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "CY", "DO", "GT", "HU", "LB", "PL"), 28),
    **dict.fromkeys(("BR", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
}


def is_id_card(number: str) -> bool:
    """A Chinese identity number of 18 signs: province, day of birth, and the check sign of
    GB 11643 (ISO 7064 MOD 11-2)."""
    return looks_like_id_card(number) and _id_sign(number[:17]) == number[17].upper()


def looks_like_id_card(number: str) -> bool:
    """Province and day of birth of an identity number of 18 or of 15 signs are possible."""
    if number[:2] not in PROVINCES:
        return False
    if len(number) == 18:
        return number[:17].isdigit() and _is_day(number[6:14])
    return len(number) == 15 and number.isdigit() and _is_day("19" + number[6:12])


def _id_sign(digits: str) -> str:
    return _ID_SIGNS[sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


@lru_cache(maxsize=4096)
def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812; not for a number that is one digit again and again."""
    if not number.isdigit() or len(set(number[6:])) < 2:
        return False
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) << (place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_bank_card(number: str) -> bool:
    """A number that one of the known networks gives out, by beginning and length, with Luhn."""
    return _has_known_beginning(number) and passes_luhn(number)


def _has_known_beginning(number: str) -> bool:
    length, two, four = len(number), int(number[:2]), int(number[:4])
    if two == 62:  # UnionPay
        return 16 <= length <= 19
    if length == 16:
        return (
            two // 10 == 4  # Visa
            or 51 <= two <= 55  # Mastercard
            or 2221 <= four <= 2720
            or 3528 <= four <= 3589  # JCB
            or four == 6011  # Discover
            or 644 <= four // 10 <= 659
            or two in {60, 68, 69}  # debit cards of Chinese banks before UnionPay
        )
    if length == 15:
        return two in {34, 37}  # American Express
    if length == 14:
        return 300 <= four // 10 <= 305 or two in {36, 38, 39}  # Diners Club
    # 95588 and 955... of the first Chinese debit cards.
    return length == 19 and four // 10 == 955


def is_company_code(code: str) -> bool:
    """A unified social credit code of 18 signs: who registered what, a province, and the check
    sign of GB 32100 (MOD 31-3)."""
    if len(code) != 18 or code[:2] not in _REGISTRIES or code[2:4] not in PROVINCES | {"10"}:
        return False
    try:
        values = [_COMPANY_VALUES[sign] for sign in code]
    except KeyError:
        return False
    total = sum(v * w for v, w in zip(values, _COMPANY_WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == values[17]


def is_iban(number: str) -> bool:
    """An international account number: length of its country and ISO 7064 MOD 97-10."""
    if _IBAN_LENGTHS.get(number[:2]) != len(number):
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def is_hong_kong_id(letters: str, digits: str, check: str) -> bool:
    """An identity number of Hong Kong: one or two letters, six digits and a check sign, weights
    9 to 2, MOD 11."""
    signs = letters.rjust(2) + digits
    values = [36 if sign == " " else int(sign, 36) for sign in signs]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    wanted = (11 - total % 11) % 11
    return check.upper() == ("A" if wanted == 10 else str(wanted))


def is_taiwan_id(number: str) -> bool:
    """An identity number of Taiwan: a letter for the county, nine digits, weights 1 9 8 … 1 1."""
    order = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
    county = order.find(number[0]) + 10
    values = [county // 10, county % 10, *(int(digit) for digit in number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(v * w for v, w in zip(values, weights, strict=True)) % 10 == 0
