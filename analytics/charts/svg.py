"""SVG text, escaped, with classes in a page and with colours in the open when it stands alone."""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from analytics.charts.theme import FONTS, presentation

Attributes = dict[str, Any]
Place = tuple[float, float]
TEXT = 12.0
_REACHABLE_BY_TAB = 40
# Not allowed in XML, or able to turn the reading direction of what follows.
_UNWELCOME = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws elements. `uid` makes ids unique in a page; `standalone` writes colours as attributes
    instead of classes and leaves out what only a pointer would show."""

    uid: str
    standalone: bool = False

    def draw(
        self,
        element: str,
        *children: SafeString,
        part: str = "",
        mark: str = "",
        hover: bool = False,
        **attributes: Any,
    ) -> SafeString:
        """One element. `part` and `mark` decide its colours, `hover` hides it until its link is
        pointed at or has the focus. Attributes are numbers or texts, with _ for - in names."""
        found: dict[str, float | str] = {}
        if self.standalone:
            found.update(presentation(part, mark))
        elif classes := " ".join(
            f"chart-{name}" for name in (part, mark, "hover" if hover else "") if name
        ):
            found["class"] = classes
        found.update({name.replace("_", "-"): value for name, value in attributes.items()})
        opening = " ".join([element, *(f'{name}="{_write(v)}"' for name, v in found.items())])
        if not children:
            return SafeString(f"<{opening}/>")  # every part is escaped above
        return SafeString(f"<{opening}>{''.join(children)}</{element}>")

    def rect(self, at: Place, size: Place, **attributes: Any) -> SafeString:
        """A rectangle from its upper left corner, `size` being width and height."""
        (x, y), (width, height) = at, size
        return self.draw("rect", x=x, y=y, width=width, height=height, **attributes)

    def line(self, start: Place, end: Place, **attributes: Any) -> SafeString:
        """A straight line."""
        (x1, y1), (x2, y2) = start, end
        return self.draw("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)

    def path(self, d: str, **attributes: Any) -> SafeString:
        """An outline in SVG path language."""
        return self.draw("path", d=d, **attributes)

    def dot(self, at: Place, radius: float, **attributes: Any) -> SafeString:
        """A filled circle with a rim in the colour of the ground."""
        return self.draw("circle", part="dot", cx=at[0], cy=at[1], r=radius, **attributes)

    def text(
        self,
        content: str,
        x: float,
        y: float,
        *,
        part: str = "tick",
        anchor: str = "start",
        size: float = TEXT,
        full: str = "",
        **attributes: Any,
    ) -> SafeString:
        """A line of text; `full` is shown as its tooltip when `content` had to be shortened."""
        children = [written(content)]
        if full and full != content:
            children.insert(0, self.draw("title", written(full)))
        if anchor != "start":
            attributes["text_anchor"] = anchor
        return self.draw("text", *children, part=part, x=x, y=y, font_size=size, **attributes)

    def link(self, href: str, title: str, *children: SafeString, tab: bool = True) -> SafeString:
        """What belongs to one mark: a link if it has somewhere to go, with its tooltip."""
        inside = (self.draw("title", written(title)), *children)
        if not href:
            return self.draw("g", *inside, part="mark")
        beyond: Attributes = {} if tab else {"tabindex": "-1"}
        return self.draw("a", *inside, part="mark", href=href, **beyond)

    def only_on_hover(self, *children: SafeString) -> tuple[SafeString, ...]:
        """Nothing in a standalone picture, which no pointer will ever visit."""
        return () if self.standalone else children

    def root(
        self,
        *body: SafeString,
        title: str,
        description: str,
        width: float,
        height: float,
        interactive: bool,
    ) -> SafeString:
        """The picture with its accessible name. Links inside make it a group, else an image."""
        extra: Attributes = {}
        parts = list(body)
        if self.standalone:
            extra = {"width": width, "height": height, "font_family": FONTS}
            background = self.rect((0, 0), (width, height), part="surface")
            parts.insert(0, background)
        return self.draw(
            "svg",
            self.draw("title", written(title), id=f"{self.uid}-t"),
            self.draw("desc", written(description), id=f"{self.uid}-d"),
            *parts,
            part="svg",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_write(width)} {_write(height)}",
            role="group" if interactive else "img",
            aria_labelledby=f"{self.uid}-t",
            aria_describedby=f"{self.uid}-d",
            **extra,
        )


def written(content: str) -> SafeString:
    """Text of strangers, harmless inside SVG and HTML."""
    # The escape of Django asks of each argument whether it is lazy; a page has thousands.
    return SafeString(escape(_UNWELCOME.sub("", content)))


def unique_id(*parts: object) -> str:
    """The same picture always gets the same id, so that pages can be cached and compared."""
    return "c" + blake2s(repr(parts).encode("utf-8", "replace"), digest_size=5).hexdigest()


def tab_stops(marks: int) -> bool:
    """Whether so many marks may each be a stop of the Tab key; beyond, the table has the links."""
    return marks <= _REACHABLE_BY_TAB


@lru_cache(maxsize=8192)
def _write(value: float | str) -> str:
    if isinstance(value, str):
        return written(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
