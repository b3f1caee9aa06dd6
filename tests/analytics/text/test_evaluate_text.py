import csv
import itertools
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.analytics.text.corpus import corpus


def written(path, texts, labels):
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["words", "kind"])
        rows.writerows(zip(texts, labels, strict=True))
    return path


@pytest.fixture
def files(tmp_path):
    return {
        "train": written(tmp_path / "train.csv", *corpus(30)),
        "test": written(tmp_path / "test.csv", *corpus(20, seed=8)),
    }


def evaluated(files, *more, task="category"):
    out = StringIO()
    call_command(
        "evaluate_text",
        *("--task", task, "--train", str(files["train"]), "--test", str(files["test"])),
        *("--text", "words", "--label", "kind", "--seconds", "3", *more),
        stdout=out,
    )
    return out.getvalue()


def test_the_command_says_how_right_how_sure_and_how_fast(files):
    found = json.loads(evaluated(files, "--json"))

    assert found["accuracy"] > 0.9
    assert found["macro_f1"] > 0.9
    assert set(found["per_label"]) == {"delivery", "price", "quality"}
    assert set(found["coverage"]) == {"90", "95", "98"}
    assert found["n_train"] == 90
    assert found["docs_per_cpu_second"]["predict"] > 1_000
    assert found["peak_memory_mib"] > 0
    assert "% right" in evaluated(files)


def test_with_few_labels_the_rest_is_a_backlog_and_the_draw_can_be_repeated(files):
    first, again = (
        json.loads(evaluated(files, "--per-class", "5", "--seed", "3", "--json")) for _ in "ab"
    )

    assert (first["n_train"], first["n_unlabelled"]) == (15, 75)
    assert first["accuracy"] == again["accuracy"]


def test_several_labels_are_parted_by_a_line(tmp_path, files):
    texts, labels = corpus(20)
    both = [f"{one} {other}" for one, other in itertools.pairwise(texts)]
    sets = [f"{one}|{other}" for one, other in itertools.pairwise(labels)]
    files = {**files, "train": written(tmp_path / "several.csv", both, sets)}

    found = json.loads(evaluated(files, "--json", task="categories"))

    assert found["micro_f1"] > 0.8


def test_what_cannot_be_read_is_said(files):
    with pytest.raises(CommandError, match="no column label"):
        call_command(
            *("evaluate_text", "--task", "category", "--text", "words"),
            *("--train", str(files["train"]), "--test", str(files["test"])),
        )


@pytest.mark.parametrize(
    ("labels", "names"),
    [(("1", "0", "0"), ["0", "1"]), (("positive", "negative", "neutral"), None)],
)
def test_the_shipped_prior_is_asked_without_anything_to_learn_from(tmp_path, labels, names):
    asked = written(tmp_path / "asked.csv", ["很好吃", "太差了", "送到前台"], labels)
    out = StringIO()
    call_command(
        "evaluate_text",
        *("--task", "sentiment-prior", "--test", str(asked), "--json"),
        *("--text", "words", "--label", "kind"),
        stdout=out,
    )
    found = json.loads(out.getvalue())

    assert found["labels"] == (names or ["negative", "neutral", "positive"])
    assert found["per_label"][labels[0]]["recall"] == 1


def test_labels_that_are_no_feelings_are_said(tmp_path):
    asked = written(tmp_path / "asked.csv", ["很好吃", "太差了"], ["food", "room"])

    with pytest.raises(CommandError, match="no feelings: food, room"):
        call_command(
            *("evaluate_text", "--task", "sentiment-prior", "--test", str(asked)),
            *("--text", "words", "--label", "kind"),
        )
