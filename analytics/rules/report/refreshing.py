"""What is another number than before, once figures were gathered anew."""

from analytics.rules.report import values
from analytics.rules.report.material import Figure, Material, Ranking
from analytics.rules.report.runs import plain


def changes_between(before: Material, after: Material) -> list[list[str]]:
    """[what, before, now] in words, for each figure and ranking that reads differently."""
    found = []
    for key, figure in after.figures.items():
        old, new = _of_figure(before.figures.get(key)), _of_figure(figure)
        if old != new:
            found.append([figure.label, old, new])
    for key, ranking in after.rankings.items():
        old, new = _of_ranking(before.rankings.get(key)), _of_ranking(ranking)
        if old != new:
            found.append([ranking.label, old, new])
    gone = before.figures.keys() - after.figures.keys()
    found += [
        [one.label, _of_figure(one), values.NOTHING]
        for one in map(before.figures.get, sorted(gone))
        if one
    ]
    return found


def _of_figure(figure: Figure | None) -> str:
    if figure is None:
        return values.NOTHING
    return values.write(figure.value, figure.quantity)


def _of_ranking(ranking: Ranking | None) -> str:
    if ranking is None or not ranking.entries:
        return values.NOTHING
    return plain(values.in_a_row([values.entry(one) for one in ranking.entries[:3]]))
