"""Colours for pictures that travel without our style sheet (e-mail, PDF): the light theme.

In a page the same roles are CSS classes of static/css/components/chart.css, which also knows the
dark theme. A test holds the two together.
"""

SURFACE = "#ffffff"
INK = "#1f2937"
QUIET = "#667085"
GRID = "#e5e7eb"
AXIS = "#9ca3af"
TRACK = "#eef0f3"
SERIES = ("#2563eb", "#c2620a", "#0d8a80", "#9333ea", "#d6246f", "#4d7c0f", "#5b6b82", "#8a4b2a")
TONES = {"good": "#15803d", "neutral": "#64748b", "bad": "#d92d20"}
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
    "grid": {"stroke": GRID},
    "axis": {"stroke": AXIS},
    "tick": {"fill": QUIET},
    "name": {"fill": INK},
    "value": {"fill": INK},
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
