"""The logo of a workbook: a picture, made small enough for the head of a page; whatever else a file carries stays behind."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from scoreboard.errors import Refused

LARGEST = (360, 72)  # pixels
MOST_BYTES = 1_000_000
KINDS = ("PNG", "JPEG")
_MOST = 50_000_000  # pixels of a picture that is opened at all
Logo = Path | bytes | None


def picture(logo: Logo) -> io.BytesIO | None:
    """A logo, of a file or its content, as PNG; None for none. Refused when the file is not there, too large, or not a PNG or JPEG."""
    if logo is None:
        return None
    called = f'"{logo.name}"' if isinstance(logo, Path) else "This file"
    try:
        content = logo.read_bytes() if isinstance(logo, Path) else logo
        if len(content) > MOST_BYTES:
            raise Refused(f"{called} is too large for a logo: {len(content) / 1e6:.1f} MB.", "Save it smaller: a logo has at most 1 MB.")
        with Image.open(io.BytesIO(content), formats=KINDS) as found:
            if found.width * found.height > _MOST:
                raise Refused(f"{called} is too large for a logo: {found.width} × {found.height} points.", "Save it smaller.")
            found.thumbnail(LARGEST)
            small = io.BytesIO()
            found.convert("RGBA").save(small, "PNG")
    except FileNotFoundError:
        raise Refused(f'There is no file "{logo!s}".', "Give the file of a picture, or leave the logo out.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused(f"{called} is not a picture that can be read.", "Give a PNG or JPEG file, or leave the logo out.") from None
    small.seek(0)
    return small
