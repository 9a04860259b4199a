"""The compiler and drawing engine of the charts, with the one font that it carries.

With the fonts of the machine a drawing would differ from machine to machine, and measuring a
label would read the font's file again each time. The carried font has the widths of Arial, which
the charts ask readers' browsers for.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

NO_FONTS = Path(__file__).with_name("no_fonts.conf")
WORD = {"data": {"values": [{}]}, "mark": {"type": "text", "text": "word"}}


@cache
def engine() -> Any:
    """The module ``vl_convert``, which looks for fonts once, when it first draws."""
    import vl_convert

    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        vl_convert.vegalite_to_svg(WORD)
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before
    return vl_convert
