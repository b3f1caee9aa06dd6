"""What a fresh installation takes for negative feedback."""

from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.models import Category, NegativeRule

_WORDS = (
    "投诉", "曝光", "差评", "骗人", "欺骗", "气死", "太差", "失望", "律师", "消协",
    "12315",
    "complaint", "unacceptable", "terrible", "disappointed", "worst", "scam", "lawyer",
    "refund now",
    # Who asks how to send something back is no complainer; who insists is.
    "要求退货", "必须退货", "坚决退货", "给我退货", "不让退货", "不给退货", "拒绝退货",
)  # fmt: skip


def ensure_negative_rule() -> None:
    """Low scores, bad sentiment, or words of anger; left alone once it exists."""
    if NegativeRule.objects.exists():
        return
    words = ", ".join(f'"{word}"' for word in _WORDS)
    text = f"score <= 2 or sentiment <= -40 or text contains ({words})"
    if Category.objects.filter(code="service-attitude").exists():
        text += ' or category under "service-attitude"'
    NegativeRule.objects.create(condition=parse(text, vocabulary("feedback")).tree)
    Category.objects.filter(code="product-quality", product_quality=False).update(
        product_quality=True
    )
