"""What an app for codes needs: a picture to scan, and the same in letters."""

from __future__ import annotations

import re

import pyotp
import segno


def qr_of(secret: str, username: str) -> dict[str, str]:
    """`picture` is an SVG as a data address, `letters` the secret in groups of four."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Service Desk")
    # On white in dark mode too: cameras don't read it the other way round.
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff")
    return {"picture": picture, "letters": " ".join(re.findall(".{1,4}", secret))}
