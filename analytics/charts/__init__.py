"""Charts as SVG text: pure functions from dataclasses to pictures whose marks are links.

`figure.figure(chart)` is what a page wants: the picture for wide and narrow places and its table.
`line`, `bars`, `hbars`, `donut`, `gauge` and `sparkline` hold one kind each.
"""
