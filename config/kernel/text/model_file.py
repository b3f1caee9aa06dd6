"""Models as files: numbers (.npz) and a description (JSON) that carries their hash.

Never a pickle: a file from elsewhere can be wrong, but it cannot run.
"""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from config.kernel.text.model import Model, part
from config.kernel.text.tokens import Analysis
from config.kernel.text.vectors import Semantic

FORMAT = 1
LARGEST = 64 * 2**20  # bytes of numbers that are read


class NotAModel(Exception):
    """The file is not a model of ours, or not the one that its description tells of."""


def packed(model: Model) -> tuple[bytes, dict[str, Any]]:
    """The numbers as bytes of an .npz file, and the description as what JSON knows."""
    arrays: dict[str, Any] = {"bias": model.bias}
    if model.thresholds is not None:
        arrays["thresholds"] = model.thresholds
    for at, one in enumerate(model.parts):
        arrays[f"terms{at}"] = np.frombuffer("\n".join(one.terms).encode(), np.uint8)
        arrays[f"scale{at}"] = one.scale
        arrays[f"weights{at}"] = one.weights
    if model.semantic is not None:
        arrays |= {f"vectors_{name}": one for name, one in _arrays(model.semantic).items()}
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    numbers = buffer.getvalue()
    about = {
        "format": FORMAT,
        "labels": list(model.labels),
        "parts": len(model.parts),
        "analysis": model.analysis.as_json(),
        "temperature": model.temperature,
        "exclusive": model.exclusive,
        "facts": model.facts,
    }
    if model.semantic is not None:  # files of before, and of those without, have no such word
        about["vectors"] = {
            "encoder": model.semantic.encoder,
            "temperature": model.semantic.temperature,
        }
    return numbers, {**about, "sha256": _digest(numbers, about)}


def unpacked(numbers: bytes, description: dict[str, Any]) -> Model:
    """The model of its two halves. NotAModel when they do not belong together or are damaged."""
    about = {name: value for name, value in description.items() if name != "sha256"}
    if description.get("sha256") != _digest(numbers, about):
        raise NotAModel("The numbers are not those that the description tells of.")
    if description.get("format") != FORMAT or len(numbers) > LARGEST:
        raise NotAModel("The file is of a kind that this version does not read.")
    try:
        with np.load(BytesIO(numbers), allow_pickle=False) as arrays:
            return Model(
                labels=tuple(about["labels"]),
                parts=tuple(_part(arrays, at) for at in range(about["parts"])),
                bias=arrays["bias"],
                analysis=Analysis.from_json(about["analysis"]),
                temperature=float(about["temperature"]),
                exclusive=bool(about["exclusive"]),
                thresholds=arrays.get("thresholds"),
                facts=dict(about["facts"]),
                semantic=_semantic(arrays, about["vectors"]) if "vectors" in about else None,
            )
    except (KeyError, TypeError, ValueError, OSError, BadZipFile) as wrong:
        raise NotAModel("The file does not hold what a model needs.") from wrong


def save(model: Model, path: Path) -> None:
    """Writes `path` with the endings .npz and .json."""
    numbers, description = packed(model)
    path.with_suffix(".npz").write_bytes(numbers)
    path.with_suffix(".json").write_text(
        json.dumps(description, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )


def load(path: Path) -> Model:
    """Reads what `save` wrote. FileNotFoundError where nothing is, NotAModel for anything else
    that is no model."""
    numbers = path.with_suffix(".npz").read_bytes()
    try:
        description = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise NotAModel("The description is not JSON.") from wrong
    if not isinstance(description, dict):
        raise NotAModel("The description is not JSON of an object.")
    return unpacked(numbers, description)


def _part(arrays: Any, at: int) -> Any:
    terms = arrays[f"terms{at}"].tobytes().decode()
    return part(terms.split("\n") if terms else (), arrays[f"scale{at}"], arrays[f"weights{at}"])


def _arrays(semantic: Semantic) -> dict[str, Any]:
    arrays: dict[str, Any] = {"weights": semantic.weights, "bias": semantic.bias}
    if semantic.thresholds is not None:
        arrays["thresholds"] = semantic.thresholds
    return arrays


def _semantic(arrays: Any, about: dict[str, Any]) -> Semantic:
    return Semantic(
        encoder=str(about["encoder"]),
        weights=arrays["vectors_weights"],
        bias=arrays["vectors_bias"],
        temperature=float(about["temperature"]),
        thresholds=arrays.get("vectors_thresholds"),
    )


def _digest(numbers: bytes, about: dict[str, Any]) -> str:
    told = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(hashlib.sha256(numbers).digest() + told.encode()).hexdigest()
