"""Random trees and answers, mostly of kinds that fit each other, and now and then not."""

from random import Random

NUMBERS = [0, 1, 2, 3, 5, 10, -1, -4, 0.1, 0.2, 0.6, 0.9, 1.005, 2.175, -2.5, 99.95, 1 / 3]
EXTREMES = [2**53, 2**53 - 1, 1e16, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, -1e300]
TEXTS = ["a", "b", "c", "yes", "", "1", "true", "满意", "很满意", "👍🏽", "It's", "a\\b", "2"]
DATES = ["2026-01-31", "2026-11-23", "1999-12-31", "2026-1-1"]
# What is mostly answered there.
NAMES = {
    "number": ["q1", "m.row", "box.list[1]"],
    "text": ["q2", "m_other", "语言"],
    "list": ["q3", "box.list"],
    "truth": ["q4"],
    "date": ["q5", "q6"],
    "null": ["box", "box.in", "gone", "q1.x"],
}

COMPARISONS = ["=", "!=", "<", "<=", ">", ">="]
SETS = ["contains", "notcontains", "anyof", "allof", "noneof"]
SUMS = ["+", "-", "*", "/", "%"]
MANY = ["sum", "min", "max", "avg", "count"]


def case(random):
    """(tree, values)"""
    return tree(random, random.choice(["truth"] * 3 + ["number"] * 3 + ["text"]), 5), values(
        random
    )


def values(random):
    asked = {"number": ["q1", "m_row"], "text": ["q2", "m.other", "语言"], "list": ["q3"]}
    asked |= {"truth": ["q4"], "date": ["q5", "q6"]}
    named = {
        name: answer(random, kind)
        for kind, names in asked.items()
        for name in names
        if random.random() < 0.85
    }
    inside = [answer(random, "number") for _at in range(2)]
    return named | {"box": {"in": answer(random, "text"), "list": inside}}


def answer(random, kind):
    if random.random() < 0.1:
        kind = random.choice(["number", "text", "date", "list", "truth", "null"])
    if kind == "list":
        of = random.choice(["number", "text"])
        return [literal(random, of) for _at in range(random.randrange(4))]
    return literal(random, kind)


def literal(random, kind):
    match kind:
        case "number" if random.random() < 0.5:
            return random.choice(NUMBERS if random.random() < 0.9 else EXTREMES)
        case "number":
            return round(random.uniform(-100, 100), random.randrange(4))
        case "truth":
            return random.random() < 0.5
        case "date":
            return random.choice(DATES)
        case "null":
            return None
    return random.choice(TEXTS)


def tree(random, kind, depth):
    if random.random() < 0.04:
        kind = random.choice(list(NAMES))
    if kind in {"null", "date"} or depth == 0 or random.random() < 0.15:
        return leaf(random, kind)
    return {"number": number, "truth": truth, "text": text, "list": items}[kind](random, depth - 1)


def leaf(random, kind):
    if random.random() < 0.5:
        return ["var", random.choice(NAMES[kind])]
    return ["list"] if kind == "list" else literal(random, kind)


def items(random, depth):
    of = random.choice(["number", "text"])
    return ["list", *(tree(random, of, depth) for _at in range(random.randrange(4)))]


def number(random, depth):
    match random.randrange(8):
        case 0 | 1 | 2 | 3:
            operands = [tree(random, "number", depth) for _at in range(random.choice([2, 2, 3]))]
            return [random.choice(SUMS), *operands]
        case 4:
            places = random.choice([[], [0], [1], [2], [-1], [17], [25], [0.5]])
            return ["call", "round", tree(random, "number", depth), *places]
        case 5:
            return ["call", "length", tree(random, random.choice(["text", "list"]), depth)]
        case 6:
            return ["neg", ["var", random.choice(NAMES["number"])]]
    operands = [
        tree(random, random.choice(["number", "number", "list"]), depth)
        for _at in range(random.randrange(1, 4))
    ]
    return ["call", random.choice(MANY), *operands]


def text(random, depth):
    kind = random.choice(["text", "number"])
    if random.random() < 0.5:
        branches = [tree(random, kind, depth) for _at in range(2)]
        return ["call", "iif", tree(random, "truth", depth), *branches]
    return ["+", *(tree(random, "text", depth) for _at in range(random.choice([2, 3])))]


def truth(random, depth):
    match random.randrange(8):
        case 0 | 1:
            parts = [tree(random, "truth", depth) for _at in range(random.choice([2, 2, 3]))]
            return [random.choice(["and", "or"]), *parts]
        case 2:
            return ["not", tree(random, "truth", depth)]
        case 3:
            kind = random.choice(["text", "number", "list"])
            return [random.choice(["empty", "notempty"]), tree(random, kind, depth)]
        case 4 | 5:
            kinds = random.choice([("list", "text"), ("text", "text"), ("list", "list")])
            return [random.choice(SETS), *(tree(random, kind, depth) for kind in kinds)]
    kind = random.choice(["number", "number", "text", "list", "date"])
    return [random.choice(COMPARISONS), tree(random, kind, depth), tree(random, kind, depth)]


def cases(count, seed=5):
    random = Random(seed)
    return [case(random) for _at in range(count)]
