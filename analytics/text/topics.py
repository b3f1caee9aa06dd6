"""What many texts are about: groups of texts that share words, named by the words that set them
apart, and the same groups again in the next run.

TF-IDF, 100 latent dimensions (Deerwester et al. 1990, JASIS 41:391), k-means in small batches
on the sphere (Sculley 2010, WWW: 1177), words by c-TF-IDF (Grootendorst 2022, arXiv
2203.05794: words of a topic · ln(1 + average words of a topic / words of all)), coherence by
NPMI over documents (Bouma 2009; Lau, Newman and Baldwin 2014, EACL: 530).

Imports scikit-learn inside functions: for the worker and for commands.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.text.lda import by_lda

Numbers = NDArray[np.int64]
Vectors = NDArray[np.float32]

NO_TOPIC = -1
FEWEST_TEXTS = 30  # below this nothing is worth a topic
FEWEST_WORDS = 2  # known words that a text needs to be about something
MOST_TOPICS = 40
OF_FEW = 200  # texts that may have a word however large their share is
SAME_TOPIC = 0.3  # cosine of their words from which a topic is an earlier one
TOO_FAR = 0.15  # cosine with the middle of its topic below which a text is about nothing
NAMED_BY, KEPT_WORDS = 10, 50
_DIMENSIONS = 100
_SEED = 20_261_123


@dataclass(frozen=True, slots=True)
class Earlier:
    """A topic of an earlier run: its id and the weights of its words."""

    id: int
    words: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Topic:
    """`words` with their weights, the most telling first; `texts` = how many; `typical` = places
    of the texts nearest to its middle; `coherence` = mean NPMI of its first ten words (-1..1);
    `earlier` = id of the topic that it was before, None for a new one."""

    words: dict[str, float]
    texts: int
    typical: list[int]
    coherence: float
    earlier: int | None = None

    @property
    def label(self) -> list[str]:
        return list(self.words)[:NAMED_BY]


@dataclass(frozen=True, slots=True)
class Found:
    """`topic_of` has for each text the place of its topic in `topics`, or `NO_TOPIC`;
    `closeness` how near to its middle it is (0..1)."""

    topics: list[Topic] = field(default_factory=list)
    topic_of: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    closeness: Vectors = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def coherence(self) -> float:
        """Mean NPMI of all topics."""
        return float(np.mean([topic.coherence for topic in self.topics])) if self.topics else 0.0


def how_many(texts: int) -> int:
    """A number of topics that people can read: 4 for 500 texts, 14 for 10,000, 40 for 100,000."""
    return max(3, min(MOST_TOPICS, round(texts**0.45 / 4.5)))


def find_topics(
    texts: Sequence[Sequence[str]],
    *,
    earlier: Sequence[Earlier] = (),
    count: int | None = None,
    vectors: Vectors | None = None,
    by: Literal["lsa", "lda"] = "lsa",
) -> Found:
    """Topics of texts given as their keywords (analytics.text.keywords), the largest first.

    Gives the same for the same texts. Texts of fewer than two known words, and such as are near
    no topic, stay out. `earlier` topics are where the search begins and are found again by their
    words. `vectors` (a row for each text) group the texts instead of their words where there
    are better ones; `by="lda"` groups them by tomotopy (analytics.text.lda.NotInstalled without),
    and does not begin with earlier topics.
    """
    table = _Table.of(texts)
    inside = np.flatnonzero(np.diff(table.counts.indptr) >= FEWEST_WORDS)
    if len(inside) < FEWEST_TEXTS or len(table.names) < 10:
        return Found([], np.full(len(texts), NO_TOPIC), np.zeros(len(texts), np.float32))
    inner = _Table(table.counts[inside], table.names)
    wanted = count or how_many(len(inside))
    if by == "lda":
        known = set(inner.names)
        told = [[word for word in texts[int(at)] if word in known] for at in inside]
        group_of, near = by_lda(told, wanted)
    else:
        points = _points(inner) if vectors is None else _unit(vectors[inside])
        group_of, near = _grouped(points, inner, wanted, earlier)
    topics, place_of = _described(inner, group_of, near)
    found = Found(
        [_moved(topic, inside) for topic in topics],
        np.full(len(texts), NO_TOPIC),
        np.zeros(len(texts), np.float32),
    )
    found.topic_of[inside], found.closeness[inside] = place_of, near
    return Found(matched(found.topics, earlier), found.topic_of, found.closeness)


def matched(topics: Sequence[Topic], earlier: Sequence[Earlier]) -> list[Topic]:
    """The topics with the ids of the earlier ones that they are: the pairs whose words have the
    largest cosines together (Hungarian method, Kuhn 1955), none below `SAME_TOPIC`."""
    from scipy.optimize import linear_sum_assignment

    if not topics or not earlier:
        return list(topics)
    likeness = np.array([[alike(one.words, other.words) for other in earlier] for one in topics])
    ids: dict[int, int] = {}
    for at, other in zip(*linear_sum_assignment(-likeness), strict=True):
        if likeness[at, other] >= SAME_TOPIC:
            ids[int(at)] = earlier[int(other)].id
    return [
        Topic(one.words, one.texts, one.typical, one.coherence, ids.get(at))
        for at, one in enumerate(topics)
    ]


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine (0..1) of the weights of two topics' words."""
    dot = sum(weight * other[word] for word, weight in one.items() if word in other)
    norms = math.hypot(*one.values()) * math.hypot(*other.values())
    return dot / norms if norms else 0.0


def coherences(labels: Sequence[Sequence[str]], texts: Sequence[Sequence[str]]) -> list[float]:
    """For each list of words the mean NPMI of its pairs over `texts`: 1 = always together, 0 =
    by chance, -1 = never."""
    table = _Table.of(texts, least=1, most=1.0)
    number = {name: at for at, name in enumerate(table.names)}
    return [
        _npmi(table, [number[word] for word in words if word in number]) if words else 0.0
        for words in labels
    ]


@dataclass(frozen=True)
class _Table:
    """How often each text (row) has each word (column): a sparse matrix of scipy."""

    counts: Any
    names: list[str]

    @classmethod
    def of(
        cls, texts: Sequence[Sequence[str]], *, least: int | None = None, most: float = 0.1
    ) -> "_Table":
        """Without words of fewer than `least` texts (they group nothing) and of more than the
        share `most` of them (they set nothing apart)."""
        from scipy.sparse import csr_matrix

        in_texts = Counter(word for text in texts for word in set(text))
        if least is None:
            least = max(2, min(10, len(texts) // 500))
        limit = max(most * len(texts), min(len(texts), OF_FEW))
        names = sorted(word for word, count in in_texts.items() if least <= count <= limit)
        number = {name: at for at, name in enumerate(names)}
        columns: list[int] = []
        values: list[int] = []
        ends = [0]
        for text in texts:
            words = Counter(number[word] for word in text if word in number)
            columns.extend(words.keys())
            values.extend(words.values())
            ends.append(len(columns))
        data = np.array(values, np.float32), np.array(columns, np.int32), np.array(ends)
        return cls(csr_matrix(data, shape=(len(texts), len(names))), names)

    def weighted(self) -> Any:
        """TF-IDF rows of length 1: (1 + ln tf) · (ln((1+n)/(1+df)) + 1)."""
        from scipy.sparse import diags
        from sklearn.preprocessing import normalize

        texts, words = self.counts.shape
        frequency = np.bincount(self.counts.indices, minlength=words)
        rare = np.log((1 + texts) / (1 + frequency)) + 1
        found = self.counts.copy()
        found.data = 1 + np.log(found.data)
        return normalize(found @ diags(rare.astype(np.float32)))


def _points(table: _Table) -> Vectors:
    from sklearn.decomposition import TruncatedSVD

    size = min(_DIMENSIONS, len(table.names) - 1, table.counts.shape[0] - 1)
    svd = TruncatedSVD(size, n_iter=2, random_state=_SEED)
    return _unit(svd.fit_transform(table.weighted()))


def _unit(points: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return (points / np.maximum(lengths, 1e-9)).astype(np.float32)


def _grouped(
    points: Vectors, table: _Table, wanted: int, earlier: Sequence[Earlier]
) -> tuple[Numbers, Vectors]:
    """For each point its group and the cosine with the middle of it."""
    from sklearn.cluster import MiniBatchKMeans

    begin = _beginnings(points, table, earlier)
    wanted = min(max(wanted, len(begin) + 1 + len(begin) // 8), MOST_TOPICS * 2, len(points) // 5)
    if len(begin):
        begin = np.vstack((begin[: wanted - 1], _far_from(points, begin, wanted)))[:wanted]
    means = MiniBatchKMeans(
        wanted,
        init=begin if len(begin) else "k-means++",
        n_init=1 if len(begin) else 3,
        batch_size=4096,
        max_iter=60,
        random_state=_SEED,
    ).fit(points)
    middles = _unit(means.cluster_centers_)
    likeness = points @ middles.T
    group_of = likeness.argmax(axis=1)
    return group_of, likeness[np.arange(len(points)), group_of]


def _beginnings(points: Vectors, table: _Table, earlier: Sequence[Earlier]) -> Vectors:
    """Where earlier topics lie now: the middle of the texts that have most of their words."""
    number = {name: at for at, name in enumerate(table.names)}
    weighted = table.weighted()
    middles = []
    for topic in earlier:
        query = np.zeros(len(table.names), np.float32)
        for word, weight in topic.words.items():
            if word in number:
                query[number[word]] = weight
        values = weighted @ query
        best = np.argsort(-values)[: max(5, len(points) // 200)]
        best = best[values[best] > 0]
        if len(best):
            middles.append(points[best].mean(axis=0))
    return _unit(np.array(middles)) if middles else np.empty((0, points.shape[1]), np.float32)


def _far_from(points: Vectors, middles: Vectors, wanted: int) -> Vectors:
    """Further beginnings where the middles so far leave most: greedy k-means++ (Arthur and
    Vassilvitskii 2007, SODA: 1027), the best of eight each time; the middle of the twenty texts
    around one, so that no oddity becomes a topic."""
    chance = np.random.default_rng(_SEED)
    nearest = (points @ middles.T).max(axis=1)
    added: list[Any] = []
    for _one in range(wanted - min(len(middles), wanted - 1)):
        weights = np.square(np.clip(1 - nearest, 1e-6, None)).astype(np.float64)
        tried = []
        for at in chance.choice(len(points), size=8, p=weights / weights.sum()):
            order = np.argpartition(-(points @ points[at]), min(20, len(points) - 1))
            middle = _unit(points[order[:20]].mean(axis=0)[None])[0]
            nearer = np.maximum(nearest, points @ middle)
            tried.append((float(nearer.sum()), middle, nearer))
        _gain, middle, nearest = max(tried, key=lambda one: one[0])
        added.append(middle)
    return np.array(added, np.float32)


def _described(table: _Table, group_of: Numbers, near: Vectors) -> tuple[list[Topic], Numbers]:
    """Topics, the largest first, and for each text the place of its own."""
    group_of = np.where(near >= TOO_FAR, group_of, NO_TOPIC)
    least = max(5, table.counts.shape[0] // 1000)
    sizes = np.bincount(group_of[group_of >= 0], minlength=1)
    kept = [int(group) for group in np.argsort(-sizes, kind="stable") if sizes[group] >= least]
    place_of = np.full(len(sizes) + 1, NO_TOPIC)
    place_of[kept] = np.arange(len(kept))
    places = place_of[group_of]
    weights = _class_weights(table, places, len(kept))
    topics = []
    for at in range(len(kept)):
        best = _best(table, weights[at])
        words = {
            table.names[word]: round(float(weights[at, word]), 6)
            for word in best
            if weights[at, word] > 0
        }
        texts = np.flatnonzero(places == at)
        typical = texts[np.argsort(-near[texts], kind="stable")[:5]].tolist()
        coherence = _npmi(table, best[:NAMED_BY].tolist())
        topics.append(Topic(words, len(texts), typical, coherence))
    return topics, places


def _best(table: _Table, weights: NDArray[np.float64]) -> Numbers:
    """The words of a topic, the most telling first; of the first thirty those that also occur
    together, so that a name reads as one thing."""
    best = np.argsort(-weights, kind="stable")[:KEPT_WORDS]
    first, rest = best[:30], best[30:]
    together = np.clip(_pairs(table, first.tolist()), 0, None)
    share = weights[first] / max(float(weights[first].sum()), 1e-9)
    value = weights[first] * (together @ share + 0.05)
    return np.concatenate((first[np.argsort(-value, kind="stable")], rest))


def _class_weights(table: _Table, places: Numbers, count: int) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(places >= 0)
    shape = (count, len(places))
    member = csr_matrix((np.ones(len(inside)), (places[inside], inside)), shape=shape)
    words = np.asarray((member @ table.counts).todense())
    share = words / np.maximum(words.sum(axis=1, keepdims=True), 1)
    average = words.sum() / max(count, 1)
    return share * np.log1p(average / np.maximum(words.sum(axis=0), 1))


def _npmi(table: _Table, words: Sequence[int]) -> float:
    if len(words) < 2:
        return 0.0
    rows, columns = np.triu_indices(len(words), 1)
    return float(_pairs(table, words)[rows, columns].mean())


def _pairs(table: _Table, words: Sequence[int]) -> NDArray[np.float64]:
    """NPMI of each two words over all texts (Bouma 2009); with itself a word has 0."""
    chosen = table.counts[:, list(words)]
    chosen.data = np.ones_like(chosen.data)
    joint = np.asarray((chosen.T @ chosen).todense(), np.float64) / table.counts.shape[0]
    alone = np.diag(joint)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / np.outer(alone, alone)) / -np.log(joint)
    values = np.where(joint > 0, np.where(joint < 1, values, 1.0), -1.0)
    np.fill_diagonal(values, 0.0)
    return np.nan_to_num(values)


def _moved(topic: Topic, inside: Numbers) -> Topic:
    typical = [int(inside[at]) for at in topic.typical]
    return Topic(topic.words, topic.texts, typical, topic.coherence)
