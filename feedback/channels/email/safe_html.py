"""HTML of strangers, made fit to stand inside our pages.

Two walls: our own tokens write a small well-formed subset, then nh3 cleans it as a browser would
read it. The attribute filter adds what nh3 does not do: control characters in front of
`javascript:`, no styles or classes (they could imitate our own page), and no image from the
network unless the reader asked for it. Pictures too small to be seen, which only tell that the
mail was opened, never come, and a link that shows another host than its own tells its own.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import islice

import nh3

from feedback.channels.email.charset import clean
from feedback.channels.email.html_tokens import Token, read_tokens, resolved
from feedback.channels.email.link_targets import HIDDEN, with_plain_targets

TAGS = frozenset(
    (
        "a", "abbr", "address", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite",
        "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption",
        "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
        "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
        "tr", "tt", "u", "ul", "var", "wbr",
    )
)  # fmt: skip
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"align"},
    "td": {"align", "valign", "colspan", "rowspan"},
    "th": {"align", "valign", "colspan", "rowspan", "scope"},
    "ol": {"start", "reversed"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
}
NUMBERS = frozenset(("width", "height", "colspan", "rowspan", "span", "start"))
URLS = frozenset(("href", "src"))
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s]", re.IGNORECASE)
WEB_IMAGE = re.compile(r"https?://[^\s]", re.IGNORECASE)
COSTLY = re.compile("[&\xa0]")
MAX_COSTLY = 20_000
NUMBER = re.compile(r"\d{1,4}%?")
UNSEEN_SIZE = re.compile(r"\s*0*[0-3](?:\.\d*)?\s*(?:px)?\s*", re.IGNORECASE)
UNSEEN_STYLE = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])"
    r"|(?:max-)?(?:width|height)\s*:\s*[0-3](?:\.\d*)?(?:px|pt)?\s*(?:[;!]|$))",
    re.IGNORECASE,
)
# Serialised by nh3: quotes inside values are always escaped, so this reads whole tags only.
IMAGE = re.compile(r'<img((?: [a-z-]{1,20}="[^"]*")*)>')
# Where a picture comes from, when that can stand in a policy as it is.
PICTURE = re.compile(
    r'<img(?: [a-z-]{1,20}="[^"]*")*? src="(https?://[a-z0-9.-]{1,253}(?::\d{1,5})?)(?=[/?#"])',
    re.IGNORECASE,
)
MAX_PLACES = 50
ALT = re.compile(r' alt="([^"]*)"')


def safe_html(
    html: str, *, cid_urls: Mapping[str, str] | None = None, remote_images: bool = False
) -> str:
    """Return HTML without scripts, forms, styles, foreign images or surprising links.

    `cid_urls` maps the Content-ID of an inline image to the URL where we serve it. An image we may
    not show leaves its description in square brackets. Input over 2 M characters is cut.
    """
    cleaned = nh3.clean(
        _few_references("".join(map(_written, with_plain_targets(read_tokens(clean(html)))))),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_filter(cid_urls or {}, remote_images=remote_images),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
    return IMAGE.sub(_described_if_blocked, cleaned)


def _written(token: Token) -> str:
    """Serialise a token, or nothing for a tag that is not allowed."""
    if token.kind == "text":
        return escape(resolved(token.text), quote=False)
    if token.name not in TAGS:
        return ""
    if token.kind == "end":
        return f"</{token.name}>"
    if token.name == "img" and _is_pixel(token):
        return ""
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(token.name, set())
    attributes = "".join(
        f' {name}="{escape(resolved(value))}"'
        for name, value in token.attributes.items()
        if name in allowed
    )
    return f"<{token.name}{attributes}>"


def _is_pixel(image: Token) -> bool:
    """Nobody is meant to see it: it counts who opens the mail."""
    given = image.attributes
    return (
        any(UNSEEN_SIZE.fullmatch(given.get(side, "")) for side in ("width", "height"))
        or "hidden" in given
        or bool(UNSEEN_STYLE.search(resolved(given.get("style", "")[:2_000])))
    )


def _few_references(html: str) -> str:
    """Keep the first 20 000 ampersands and no-break spaces: nh3 is quadratic in them."""
    places = islice(COSTLY.finditer(html), MAX_COSTLY, None)
    if (first := next(places, None)) is None:
        return html
    start = first.start()
    return html[:start] + html[start:].replace("&amp;", "＆").replace("\xa0", " ")


def _filter(
    cid_urls: Mapping[str, str], *, remote_images: bool
) -> Callable[[str, str, str], str | None]:
    by_cid = {key.strip("<>").lower(): url for key, url in cid_urls.items()}

    def keep(tag: str, name: str, value: str) -> str | None:
        if name in NUMBERS:
            return value if NUMBER.fullmatch(value) else None
        if name not in URLS:
            return value
        url = HIDDEN.sub("", value)
        if name == "href":
            return url if tag == "a" and LINK.match(url) else None
        if url.lower().startswith("cid:"):
            return by_cid.get(url[4:].lower())
        return url if remote_images and WEB_IMAGE.match(url) else None

    return keep


def _described_if_blocked(tag: re.Match[str]) -> str:
    if ' src="' in tag[1]:
        return tag[0]
    alt = ALT.search(tag[1])
    return f"<span>[{alt[1]}]</span>" if alt and alt[1].strip() else ""


def picture_places(html: str) -> list[str]:
    """The origins (`https://cdn.example`) from which the pictures in the output of `safe_html`
    come; at most 50, and none whose name is not plain ASCII."""
    return sorted({found.lower() for found in PICTURE.findall(html)})[:MAX_PLACES]


def text_as_html(text: str) -> str:
    """Return plain text as safe HTML with its line breaks."""
    return escape(text).replace("\n", "<br>")
