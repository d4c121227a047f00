"""Draw pictures anew, so that of what was handed in only what it looks like is left.

python -I redraw.py < pictures > pictures: reads and writes lines of JSON, [media type, base64]; null for a picture that is not
kept. What decodes files made by anybody can be taken over by one: it runs in a process of its own, shut in, and imports nothing
of the course's. See pictures.py.
"""

import base64
import io
import json
import resource
import sys

from PIL import Image

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
_MOST_PIXELS = 20_000_000
#: Pixels of a longer side; larger pictures are made smaller.
_LONGEST = 2400
#: Bytes of memory, seconds of processor time, bytes in all that is written.
MEMORY, SECONDS, WRITTEN = 2**30, 30, 16_000_000


def redrawn(kind: str, content: bytes) -> bytes:
    """The same picture as a new file of this kind, without anything else that was in the old one. Raises whatever Pillow does."""
    with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.load()
        picture.thumbnail((_LONGEST, _LONGEST))
        colors = "RGBA" if kind == "image/png" and picture.has_transparency_data else "RGB"
        plain = picture if picture.mode in ("L", colors) else picture.convert(colors)
    plain.info.clear()
    file = io.BytesIO()
    plain.save(
        file, _FORMATS[kind], **({"compress_level": 2} if kind == "image/png" else {"quality": 90})
    )  # half the time
    return file.getvalue()


def main() -> None:
    """Redraw what comes on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    for line in sys.stdin:
        kind, text = json.loads(line)
        try:
            answer = [kind, base64.b64encode(redrawn(kind, base64.b64decode(text))).decode()]
        except Exception:  # whatever is wrong with it, the next one may be right
            answer = None
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
