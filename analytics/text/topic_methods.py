"""Which ways of sorting texts into topics are to be had on this machine; loads nothing."""

from analytics.enums import TopicMethod
from analytics.text import encoding, lda

# What each needs, as in `make install-…`.
EXTRA_OF = {TopicMethod.LDA: "topics", TopicMethod.VECTORS: "semantic"}


def methods_here() -> list[TopicMethod]:
    """Without extras one: by the words that texts share."""
    found = [TopicMethod.WORDS]
    found += [TopicMethod.LDA] if lda.is_installed() else []
    found += [TopicMethod.VECTORS] if encoding.is_installed() else []
    return found
