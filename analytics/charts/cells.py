"""The numbers of a chart as rows, whatever is made of them: HTML, CSV, a workbook."""

from dataclasses import dataclass

from analytics.charts.data import Mark, Unit


@dataclass(frozen=True, slots=True)
class Words:
    """A cell that is no number, and where it leads."""

    text: str
    href: str = ""

    def __post_init__(self) -> None:
        Mark(None, self.href)  # refuses what is no address


Cell = Mark | Words


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns; per row its name and one cell per further column. `units` are those of
    the further columns, one for all of them or one each."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    units: tuple[Unit, ...] = (Unit.COUNT,)

    def __post_init__(self) -> None:
        if len(self.units) not in {1, len(self.header) - 1}:
            raise ValueError(f"{len(self.units)} units for {len(self.header) - 1} columns.")

    def unit(self, column: int) -> Unit:
        """Of the column at `column`, the first after the names being 0."""
        return self.units[column if len(self.units) > 1 else 0]
