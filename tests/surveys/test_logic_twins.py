"""Python and the browser come to the same: by vectors that people wrote and by random trees.

LOGIC_CASES=50000 asks for more random trees than the suite does, LOGIC_SEED for others.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from playwright._impl._driver import compute_driver_executable

from surveys.logic.evaluation import evaluate, plain
from surveys.logic.reading import parse
from surveys.logic.shuffling import shuffled
from surveys.logic.wording import fill, pieces, say_answer
from surveys.logic.writing import write
from tests.surveys.logic_cases import cases

VECTORS = json.loads(Path(__file__).with_name("logic_vectors.json").read_text())
CASES = cases(int(os.environ.get("LOGIC_CASES", "2000")), int(os.environ.get("LOGIC_SEED", "5")))
ANSWERS = [
    value
    for _tree, values in CASES[:500]
    for value in values.values()
    if not isinstance(value, dict)
]

_RUN = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const isFixed = (fixed) => (item) => fixed.includes(item);
console.log(JSON.stringify({
  trees: given.trees.map(([tree, values]) => evaluate(tree, values)),
  said: given.said.map((value) => said(value, { a: "A", true: "Yes" }, "、")),
  wordings: given.wordings.map(([pieces, words]) => fill(pieces, words)),
  shuffles: given.shuffles.map((one) =>
    shuffled(one.items, one.seed, one.key, isFixed(one.fixed))),
}));
"""


def read(vector):
    return parse(vector["expression"], vector["values"]).tree


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    """What static/js/logic.js makes of everything, in one start of node: that of the machine, or
    the one that drives the browser of the tests."""
    node = shutil.which("node") or compute_driver_executable()[0]
    sources = [Path(settings.BASE_DIR) / "static/js" / name for name in ("logic.js", "shuffle.js")]
    folder = tmp_path_factory.mktemp("logic")
    program, given = folder / "run.mjs", folder / "given.json"
    program.write_text("\n".join([*(source.read_text() for source in sources), _RUN]))
    trees = [[read(one), one["values"]] for one in VECTORS["expressions"]] + CASES
    wordings = [[pieces(one["text"]), one["words"]] for one in VECTORS["wordings"]]
    shuffles = VECTORS["shuffles"]
    given.write_text(
        json.dumps({"trees": trees, "said": ANSWERS, "wordings": wordings, "shuffles": shuffles})
    )
    done = subprocess.run(
        [node, str(program), str(given)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def alike(value):
    """As text, so that true is not 1; lists in their order."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("at", range(len(VECTORS["expressions"])))
def test_a_vector_comes_out_as_written(at, twin):
    vector = VECTORS["expressions"][at]

    assert alike(evaluate(read(vector), vector["values"])) == alike(vector["expected"]), vector
    assert alike(twin["trees"][at]) == alike(vector["expected"]), vector


def test_random_trees_come_to_the_same_in_both_languages(twin):
    theirs = twin["trees"][len(VECTORS["expressions"]) :]

    ours = [evaluate(tree, values) for tree, values in CASES]
    assert len(theirs) == len(CASES)
    differences = [
        (case, one, other)
        for case, one, other in zip(CASES, ours, theirs, strict=True)
        if alike(one) != alike(other)
    ]
    assert differences == []
    # Not all of them for the cheap reason that nothing fits.
    assert sum(value is not None for value in ours) > len(ours) * 0.6
    assert 0.2 < ours.count(True) / (ours.count(True) + ours.count(False)) < 0.8


def test_random_trees_are_written_so_that_they_read_the_same():
    for tree, _values in CASES[:2000]:
        assert parse(write(tree), ["m.row", "box.in", "box.list[1]"]).tree == tree


def test_answers_are_said_alike_in_both_languages(twin):
    ours = [say_answer(value, {"a": "A", "true": "Yes"}, "、") for value in ANSWERS]

    assert ours == twin["said"]


@pytest.mark.parametrize("at", range(len(VECTORS["wordings"])))
def test_a_wording_is_filled_as_written(at, twin):
    vector = VECTORS["wordings"][at]

    assert fill(pieces(vector["text"]), vector["words"]) == vector["expected"]
    assert twin["wordings"][at] == vector["expected"]


@pytest.mark.parametrize("at", range(len(VECTORS["shuffles"])))
def test_an_order_is_as_written(at, twin):
    vector = VECTORS["shuffles"][at]
    fixed = vector["fixed"]

    ours = shuffled(vector["items"], vector["seed"], vector["key"], lambda item: item in fixed)

    assert ours == twin["shuffles"][at] == vector["expected"]


def test_every_order_is_about_as_frequent():
    random = Random(1)
    seen = [tuple(shuffled("abc", random.randrange(2**32), "q")) for _at in range(3000)]

    assert len(set(seen)) == 6
    assert all(400 < seen.count(order) < 600 for order in set(seen))
