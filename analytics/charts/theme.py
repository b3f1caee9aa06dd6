"""Colours for pictures that travel without our style sheet (e-mail, PDF): the light theme.

In a page the same roles are CSS classes of static/css/components/chart.css, which also knows the
dark theme. A test holds the two together.
"""

SURFACE = "#ffffff"
INK = "#16211f"
QUIET = "#52605d"
GRID = "#e0e7e5"
AXIS = "#82918e"
TRACK = "#e3eae8"
SERIES = (
    "#0b736e",
    "#bf6a0c",
    "#2e7bd1",
    "#865bd0",
    "#c63d78",
    "#5d7a1a",
    "#56677f",
    "#8a4b2a",
)
TONES = {"good": "#2b9a58", "neutral": "#82918e", "bad": "#d34135"}
FONTS = (
    'Inter, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", '
    '"Noto Sans CJK SC", sans-serif'
)

_MARK = "mark"
_ROLES: dict[str, dict[str, str]] = {
    "line": {"fill": "none", "stroke": _MARK},
    "area": {"fill": _MARK},
    "bar": {"fill": _MARK},
    "band": {"fill": _MARK},
    "dot": {"fill": _MARK, "stroke": SURFACE},
    "stop": {"stop-color": _MARK},
    "hatch": {"fill": "none", "stroke": SURFACE},
    "speckle": {"fill": SURFACE},
    "gap": {"stroke": SURFACE},
    "arc": {"fill": "none", "stroke": _MARK},
    "track": {"fill": "none", "stroke": TRACK},
    "whisker": {"fill": "none", "stroke": INK},
    "frame": {"fill": "none", "stroke": AXIS},
    "grid": {"stroke": GRID},
    "axis": {"stroke": AXIS},
    "tick": {"fill": QUIET},
    "name": {"fill": INK},
    "value": {"fill": INK},
    "inverse": {"fill": SURFACE},
    "surface": {"fill": SURFACE},
    "hit": {"fill": "none", "pointer-events": "all"},
}


def series_mark(index: int) -> str:
    """The class of the series at `index`; the palette starts again after eight."""
    return f"series-{index % len(SERIES) + 1}"


def presentation(role: str, mark: str) -> dict[str, str]:
    """SVG attributes that give a role its colour, with the colour of `mark` where it has one."""
    return {
        name: colour_of(mark) if value == _MARK else value
        for name, value in _ROLES.get(role, {}).items()
    }


def colour_of(mark: str) -> str:
    """The light colour of series-1 … series-8, tone-good, tone-neutral, tone-bad."""
    family, _, name = mark.partition("-")
    return TONES[name] if family == "tone" else SERIES[int(name or 1) - 1]
