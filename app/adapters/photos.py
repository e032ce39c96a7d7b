"""Photos tell where they were taken; unless that is wanted it is removed, everything else stays as it was."""

from asyncio import to_thread
from pathlib import Path
from typing import Final

LOSSLESS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
"""Formats whose metadata can be changed without touching the picture."""

HEIC: Final = "image/heic"


class LocationStays(Exception):
    """The location cannot be taken out of this format."""


async def forget_location(path: Path, media_type: str) -> None:
    """Changes the file in place; LocationStays when it has a location that cannot be removed."""
    if media_type in LOSSLESS or media_type == HEIC:
        await to_thread(_forget, path, media_type)


def _forget(path: Path, media_type: str) -> None:
    import pyexiv2

    try:
        with pyexiv2.Image(str(path)) as image:
            exif = [it for it in image.read_exif() if it.startswith("Exif.GPSInfo.") or it == "Exif.Image.GPSTag"]
            xmp = [it for it in image.read_xmp() if it.startswith("Xmp.exif.GPS")]
            if (exif or xmp) and media_type not in LOSSLESS:
                raise LocationStays
            if exif:
                image.modify_exif(dict.fromkeys(exif))
            if xmp:
                image.modify_xmp(dict.fromkeys(xmp))
    except RuntimeError:
        return  # what the library cannot read as a picture has no metadata that others would read
