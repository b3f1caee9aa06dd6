"""Charts as SVG text: pure functions from dataclasses to pictures whose marks are links.

`figure.figure(chart)` is what a page wants: the picture for wide and narrow places and its table.
`picture.picture(chart, kind, language)` is one as a file. Each kind has a module of its own;
docs/frontend.md lists them.
"""
