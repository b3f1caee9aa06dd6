"""What customers photograph, drawn: a leak under the sink, a crushed box, a display."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 480  # as it is drawn
SIZE = (480, 360)  # as it is stored
_Draw = ImageDraw.ImageDraw


@cache
def picture(scene: str, variant: int) -> bytes:
    """A JPEG of one of SCENES; each variant is taken from another angle."""
    rng = Random(f"{scene}{variant}")  # noqa: S311 - not a secret
    image = Image.new("RGB", (WIDTH, HEIGHT), _shade(rng, (196, 186, 172)))
    SCENES[scene](ImageDraw.Draw(image), rng)
    image = image.rotate(rng.uniform(-6, 6), Image.Resampling.BILINEAR, fillcolor=(70, 66, 62))
    image = image.resize(SIZE).filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 1.3)))
    grain = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1]))
    image = Image.blend(image, grain.convert("RGB"), 0.06)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=72)
    return buffer.getvalue()


def _shade(rng: Random, colour: tuple[int, int, int]) -> tuple[int, ...]:
    """The same colour in another light."""
    light = rng.randint(-16, 16)
    return tuple(min(255, max(0, part + light)) for part in colour)


def _leak(draw: _Draw, rng: Random) -> None:
    """Three filter housings in a cupboard, a hose, drops, a puddle."""
    draw.rectangle((0, 360, WIDTH, HEIGHT), fill=_shade(rng, (148, 120, 92)))
    left = rng.randint(90, 170)
    for number in range(3):
        x = left + number * 130
        draw.rounded_rectangle((x, 110, x + 90, 350), 26, fill=_shade(rng, (232, 236, 238)))
        draw.rectangle((x - 6, 104, x + 96, 138), fill=_shade(rng, (70, 92, 110)))
    draw.arc(
        (left + 60, 20, left + 330, 190), 180, 360, fill=_shade(rng, (96, 142, 176)), width=14
    )
    leaking = left + 130 * rng.randrange(3) + 45
    for drop in range(5):
        y = 150 + drop * 44 + rng.randint(-8, 8)
        draw.ellipse((leaking - 5, y, leaking + 5, y + 15), fill=(120, 168, 204))
    wide = rng.randint(120, 210)
    draw.ellipse((leaking - wide, 376, leaking + wide, 452), fill=_shade(rng, (126, 152, 168)))
    draw.ellipse((leaking - wide // 2, 392, leaking + wide // 3, 420), fill=(176, 202, 216))


def _box(draw: _Draw, rng: Random) -> None:
    """A carton with one corner pushed in and the tape torn."""
    draw.rectangle((0, 330, WIDTH, HEIGHT), fill=_shade(rng, (120, 124, 128)))
    brown, dark = _shade(rng, (188, 146, 96)), _shade(rng, (140, 102, 62))
    dent = rng.randint(60, 130)
    draw.polygon(
        [
            (150, 120),
            (510 - dent, 110),
            (470, 120 + dent),
            (515, 170 + dent),
            (510, 400),
            (150, 410),
        ],
        fill=brown,
    )
    draw.line([(510 - dent, 110), (430, 190), (515, 170 + dent)], fill=dark, width=7)
    draw.line([(430, 190), (395, 300)], fill=dark, width=4)
    draw.rectangle((308, 116, 344, 404), fill=_shade(rng, (214, 198, 160)))
    draw.polygon([(308, 240), (344, 226), (344, 262)], fill=dark)


def _display(draw: _Draw, rng: Random) -> None:
    """The front of a purifier with a number and a red light."""
    draw.rounded_rectangle((110, 60, 530, 470), 40, fill=_shade(rng, (238, 240, 240)))
    draw.ellipse((200, 110, 440, 350), fill=_shade(rng, (30, 36, 40)))
    number = rng.choice(("001", "180", "163"))
    colour = (240, 96, 84) if number != "001" else (96, 220, 170)
    draw.text((228, 176), number, fill=colour, font_size=104)
    for row in range(6):
        draw.line((170, 380 + row * 13, 470, 380 + row * 13), fill=(190, 194, 196), width=5)
    draw.ellipse((460, 96, 482, 118), fill=(226, 60, 52))


SCENES: dict[str, Callable[[_Draw, Random], None]] = {
    "leak": _leak,
    "box": _box,
    "display": _display,
}
VARIANTS = 3
