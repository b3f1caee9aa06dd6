"""What is hidden of a table cannot be worked out from the rest of it."""

from random import Random

from analytics.metrics.small_cells import too_small


def with_totals(rows):
    rows = [[*row, sum(row)] for row in rows]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def test_a_small_cell_takes_the_next_smallest_of_its_row_and_column_along():
    cells = with_totals([[2, 30, 40], [50, 60, 70], [80, 9, 90]])
    hidden = too_small(cells, 5)
    assert [[int(one) for one in row] for row in hidden] == [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    assert too_small(cells, 0) == too_small(cells, 2) == [[False] * 4] * 4


def test_no_line_of_any_table_has_one_hidden_cell_alone():
    dice = Random(1)
    for _ in range(300):
        width = dice.randint(1, 5)
        rows = [
            [dice.choice([0, 1, 3, 8, 40]) for _ in range(width)]
            for _ in range(dice.randint(1, 5))
        ]
        cells = with_totals(rows)
        hidden = too_small(cells, 5)
        assert all(
            hidden[r][c] for r, row in enumerate(cells) for c, n in enumerate(row) if 0 < n < 5
        )
        assert all(sum(line) != 1 for line in (*hidden, *zip(*hidden, strict=True)))
