"""Which cells of a table are not to be shown because too few are behind them, so that nobody can
work them out from what is shown."""

from collections.abc import Sequence

Grid = Sequence[Sequence[int]]
_FEWEST_HIDDEN = 2  # one alone is the total less the others


def too_small(cells: Grid, least: int) -> list[list[bool]]:
    """Whether each cell is hidden: those from 1 to `least` - 1, and of every row and column in
    which only one is hidden the next smallest one, too (complementary suppression; Hundepool et
    al. 2012, Statistical Disclosure Control, 4.3). `cells` have their totals as the last row and
    the last column; these are hidden like any other, but as a complement only where nothing else
    is left. Empty cells say nothing of anybody and are shown as long as others can be hidden."""
    hidden = [[0 < count < least for count in row] for row in cells]
    if not any(map(any, hidden)):
        return hidden
    while True:
        before = sum(map(sum, hidden))
        for at in range(len(cells)):
            _complete(cells, hidden, [(at, column) for column in range(len(cells[at]))])
        for at in range(len(cells[0])):
            _complete(cells, hidden, [(row, at) for row in range(len(cells))])
        if sum(map(sum, hidden)) == before:
            return hidden


def _complete(cells: Grid, hidden: list[list[bool]], line: list[tuple[int, int]]) -> None:
    if sum(hidden[row][column] for row, column in line) != 1 or len(line) < _FEWEST_HIDDEN:
        return
    total = line[-1]
    is_row = line[0][0] == line[1][0]

    def cost(one: tuple[int, int]) -> tuple[bool, bool, bool, int]:
        """Whether it says most, whether it says nothing, whether another line is begun by it."""
        row, column = one
        across = [each[column] for each in hidden] if is_row else hidden[row]
        return one == total, not cells[row][column], not any(across), cells[row][column]

    row, column = min((one for one in line if not hidden[one[0]][one[1]]), key=cost)
    hidden[row][column] = True
