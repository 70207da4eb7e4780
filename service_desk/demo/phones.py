"""Numbers that ring nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import phonenumbers

AREAS = (415, 510, 628, 650)


def made_up_numbers(region: str, rng: Random) -> Iterator[str]:
    """Distinct valid numbers of the region as E.164; in North America those kept for films and books."""
    country = phonenumbers.country_code_for_region(region)
    if country == 1:
        numbers = [f"+1{area}555{line:04d}" for area in AREAS for line in range(100, 200)]
    else:
        numbers = list(_like_the_example(region, country))
    rng.shuffle(numbers)
    return iter(numbers)


def _like_the_example(region: str, country: int) -> Iterator[str]:
    # Most countries keep no such numbers. The library's examples are at least nobody's in particular.
    example = phonenumbers.example_number(region)
    if example is None or example.national_number is None:
        raise LookupError(f"no example of a number in {region}")
    first = example.national_number // 1000 * 1000
    for national in range(first, first + 1000):
        number = phonenumbers.PhoneNumber(
            country_code=country, national_number=national, italian_leading_zero=example.italian_leading_zero
        )
        if phonenumbers.is_valid_number(number):
            yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
