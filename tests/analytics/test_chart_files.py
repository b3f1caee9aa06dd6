"""Charts as files: pictures and their numbers."""

import csv
import io
from zipfile import ZipFile

import pytest
from PIL import Image

from analytics.charts.bars import BarChart
from analytics.charts.data import Item, Mark, NameAxis, Series, Unit
from analytics.charts.hbars import HBarChart
from analytics.charts.line import LineChart
from analytics.charts.picture import Kind, picture
from config.kernel.png import as_png
from tests.analytics.chart_samples import HOSTILE, days, every_kind, read, series, texts


@pytest.mark.parametrize("chart", every_kind(HOSTILE), ids=lambda chart: type(chart).__name__)
def test_every_kind_is_a_picture_with_its_title_and_without_links(chart):
    file = picture(chart, Kind.SVG, "en", footer="Last 30 days")
    tree = read(file.content.decode())

    assert "alert" in texts(tree)[0]
    assert "Last 30 days" in texts(tree)
    assert b"href" not in file.content
    assert b"<script" not in file.content
    assert "/" not in file.name


def ink(png, box):
    """How many pixels of a part of a picture are not white."""
    part = Image.open(io.BytesIO(png)).convert("L").crop(box)
    return sum(value < 160 for value in part.tobytes())


def test_a_png_has_twice_the_size_and_chinese_letters():
    chart = HBarChart("产品质量", (Item("配送", Mark(3)),))
    file = picture(chart, Kind.PNG, "zh-hans")
    size = read(picture(chart, Kind.SVG, "zh-hans").content.decode())

    drawn = Image.open(io.BytesIO(file.content))
    assert drawn.size == (2 * float(size.get("width")), 2 * float(size.get("height")))
    title = [ink(file.content, (40 + 32 * at, 44, 72 + 32 * at, 80)) for at in range(5)]
    assert all(title[:4])  # four letters, each as wide as it is high
    assert len(set(title[:4])) > 2  # and not four boxes of a letter that is missing
    assert title[4] == 0


def test_a_very_long_picture_does_not_fill_the_memory():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="40000"/>'
    width, height = Image.open(io.BytesIO(as_png(svg, width=700, height=40_000))).size

    assert 9e6 < width * height < 10.1e6


def test_numbers_are_cells_of_their_own():
    rated = Series("CSAT", (Mark(0.75, "/a", low=0.6, high=0.9, n=60), Mark(None)))
    file = picture(LineChart("CSAT", days(2), (rated,), Unit.SHARE), Kind.CSV, "en")

    assert list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")))) == [
        ["Day", "CSAT", "CSAT: lower end", "CSAT: upper end", "CSAT: n"],
        ["Sat 21 Nov 2026", "0.75", "0.6", "0.9", "60"],
        ["Sun 22 Nov 2026", "", "", "", ""],
    ]
    assert (file.name, file.type) == ("CSAT.csv", "text/csv; charset=utf-8")


def test_a_name_that_looks_like_a_formula_stays_a_name():
    chart = BarChart("=1+1", NameAxis(("=HYPERLINK(1)",)), (series(3),))

    assert b"'=HYPERLINK(1)" in picture(chart, Kind.CSV, "en").content
    workbook = ZipFile(io.BytesIO(picture(chart, Kind.XLSX, "en").content))
    sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>3</v>" in sheet


def test_words_and_dates_are_those_of_the_language():
    content = picture(LineChart("量", days(1), (series(3),)), Kind.CSV, "zh-hans").content

    assert "2026年11月22日" in content.decode()
