"""Some hundred made-up sentences in both languages, of three categories."""

import random

SAID = {
    "delivery": (
        ["快递太慢了", "包裹还没到", "物流三天没动静", "parcel is late", "the courier never came"],
        ["等了很久", "请催一下", "please hurry", "where is it"],
    ),
    "quality": (
        ["屏幕有划痕", "按键坏了", "一用就死机", "the screen is broken", "it stopped working"],
        ["做工很差", "想换一个", "what a poor thing", "please replace it"],
    ),
    "price": (
        ["价格太贵了", "刚买就降价", "优惠券用不了", "it costs too much", "coupon was refused"],
        ["能退差价吗", "不划算", "refund the difference", "too expensive"],
    ),
}
ASIDES = ["你好,", "hello, ", "", "再说一次,", "hm, ", "客服您好 "]


def corpus(number, seed=1):
    """(texts, labels), `number` of each category, none twice."""
    generator = random.Random(seed)
    found = {}
    for label, (first, second) in SAID.items():
        mine = set()
        while len(mine) < number:
            day = generator.randrange(1_000)
            mine.add(
                f"{generator.choice(ASIDES)}{generator.choice(first)} "
                f"{generator.choice(second)} {day}"
            )
        found.update(dict.fromkeys(sorted(mine), label))
    texts = list(found)
    generator.shuffle(texts)
    return texts, [found[text] for text in texts]
