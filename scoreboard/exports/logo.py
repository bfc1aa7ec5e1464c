"""The logo of a workbook: a picture, made small enough for the head of a page; whatever else a file carries stays behind."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from scoreboard.errors import Refused

LARGEST = (360, 72)  # pixels
_MOST = 50_000_000  # pixels of a picture that is opened at all


def picture(path: Path | None) -> io.BytesIO | None:
    """A logo as PNG; None for none. Refused when the file is not there or is not a picture."""
    if path is None:
        return None
    try:
        with Image.open(path) as found:
            if found.width * found.height > _MOST:
                raise Refused(f'"{path.name}" is too large for a logo: {found.width} × {found.height} points.', "Save it smaller.")
            found.thumbnail(LARGEST)
            small = io.BytesIO()
            found.convert("RGBA").save(small, "PNG")
    except FileNotFoundError:
        raise Refused(f'There is no file "{path}".', "Give the file of a picture, or leave the logo out.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused(f'"{path.name}" is not a picture that can be read.', "Give a PNG or JPEG file, or leave the logo out.") from None
    small.seek(0)
    return small
