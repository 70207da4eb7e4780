"""Phone numbers: kept as E.164, shown as people of the region write them."""

from __future__ import annotations

import phonenumbers

SENTENCE = "This is not a phone number. Write it with its area code, or with + and the country."


def find_phone(text: str, region: str) -> str | None:
    """The E.164 form of what somebody typed, None unless it is a whole number of `region` or the country it names."""
    number = _parse(text, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else None


def show_phone(e164: str, region: str) -> str:
    """The number as people of the region write it: national at home, international from abroad."""
    number = _parse(e164, region)
    if number is None:
        return e164
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form)


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    if len(text) > 40:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # "555 2671" can be dialled next door, but must not become a customer before its area code is typed.
    is_whole = (
        phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    return number if is_whole and number.extension is None else None
