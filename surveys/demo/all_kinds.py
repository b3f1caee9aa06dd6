"""A survey with one question of each kind, for looking at and for trying: what a company that
sells water purifiers asks half a year after the sale."""

from typing import Any


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh-hans": zh, "en": en}


def _c(code: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": _t(zh, en), **more}


_AGREE = [
    _c("1", "非常不同意", "Strongly disagree", score=1),
    _c("2", "不同意", "Disagree", score=2),
    _c("3", "一般", "Neither", score=3),
    _c("4", "同意", "Agree", score=4),
    _c("5", "非常同意", "Strongly agree", score=5),
    _c("na", "没用过", "Not used", missing=True),
]

_USE: list[dict[str, Any]] = [
    {
        "code": "welcome",
        "type": "statement",
        "text": _t(
            "您的净水器已经用了半年。我们想知道它在您家里过得怎么样。",
            "Your purifier has been with you for half a year. We would like to know how the two "
            "of you get along.",
        ),
    },
    {
        "code": "place",
        "type": "single_choice",
        "required": True,
        "text": _t("净水器装在哪里？", "Where is your purifier installed?"),
        "shared": True,
        "choices": [
            _c("kitchen", "厨房", "In the kitchen"),
            _c("office", "办公室", "In an office"),
            _c("other", "其他地方", "Somewhere else", other=True, fixed=True),
        ],
    },
    {
        "code": "uses",
        "type": "multiple_choice",
        "text": _t("您用净化后的水做什么？", "What do you use the water for?"),
        "hint": _t("最多选三项。", "Choose up to three."),
        "max": 3,
        "shuffle": "choices",
        "choices": [
            _c("drink", "直接饮用", "Drinking"),
            _c("tea", "泡茶、泡咖啡", "Tea and coffee"),
            _c("cook", "做饭", "Cooking"),
            _c("baby", "给孩子冲奶粉", "Baby formula"),
            _c("none", "几乎不用", "I hardly use it", exclusive=True, fixed=True),
        ],
    },
    {
        "code": "model",
        "type": "dropdown",
        "text": _t("您的型号是？", "Which model do you have?"),
        "choices": [
            _c("s1", "清源 S1", "Qingyuan S1"),
            _c("s2", "清源 S2", "Qingyuan S2"),
            _c("pro", "清源 Pro", "Qingyuan Pro"),
            _c("other", "别的型号", "Another model", other=True),
        ],
    },
    {
        "code": "bought",
        "type": "date",
        "text": _t("什么时候买的？", "When did you buy it?"),
        "min": "2015-01-01",
    },
    {
        "code": "people",
        "type": "number",
        "text": _t("家里有几口人？", "How many people live with it?"),
        "min": 1,
        "max": 50,
        "unit": _t("人", "people"),
    },
]
_LIKE: list[dict[str, Any]] = [
    {
        "code": "quality",
        "type": "stars",
        "text": _t("水的口感怎么样？", "How does the water taste?"),
        "shared": True,
        "low": _t("很差", "Poor"),
        "high": _t("非常好", "Excellent"),
    },
    {
        "code": "mood",
        "type": "emoji",
        "text": _t("每天用它，心情如何？", "How do you feel when you use it?"),
    },
    {
        "code": "noise",
        "type": "scale",
        "text": _t("运行时的声音大吗？", "How loud is it?"),
        "from": 1,
        "to": 7,
        "dont_know": True,
        "low": _t("几乎听不到", "Hardly audible"),
        "high": _t("非常吵", "Very loud"),
    },
    {
        "code": "likely",
        "type": "nps",
        "text": _t(
            "您有多大可能把它推荐给朋友或同事？",
            "How likely are you to recommend it to a friend or colleague?",
        ),
    },
    {
        "code": "why_not",
        "type": "short_text",
        "when": "{likely} <= 6",
        "text": _t("主要原因是什么？", "What is the main reason?"),
        "examples": [
            _t("滤芯太贵", "Filters are expensive"),
            _t("出水太慢", "The flow is slow"),
            _t("安装不顺利", "Trouble with the installation"),
        ],
    },
    {
        "code": "satisfied",
        "type": "csat",
        "text": _t("总的来说，您满意吗？", "Overall, how satisfied are you?"),
    },
    {
        "code": "easy",
        "type": "ces",
        "text": _t("“更换滤芯很容易。”", "“Changing the filter was easy.”"),
    },
    {
        "code": "agree",
        "type": "likert",
        "text": _t("您同意下面的说法吗？", "Do you agree with these statements?"),
        "shuffle": "rows",
        "rows": [
            _c("fast", "出水速度够快", "The water flows fast enough"),
            _c("clean", "外观容易清洁", "It is easy to keep clean"),
            _c("app", "手机应用好用", "The app is useful"),
        ],
        "columns": _AGREE,
    },
    {
        "code": "heard",
        "type": "matrix_multi",
        "text": _t(
            "遇到这些事时，您会找谁？", "Whom would you ask about these? Tick all that apply."
        ),
        "rows": [
            _c("filter", "更换滤芯", "A new filter"),
            _c("leak", "漏水", "A leak"),
            _c("bill", "发票", "An invoice"),
        ],
        "columns": [
            _c("phone", "客服电话", "Phone"),
            _c("app", "手机应用", "App"),
            _c("dealer", "经销商", "Dealer"),
            _c("self", "自己解决", "Nobody", exclusive=True),
        ],
    },
]
_NEXT: list[dict[str, Any]] = [
    {
        "code": "wishes",
        "type": "ranking",
        "text": _t("我们应该先改进什么？", "What should we improve first?"),
        "hint": _t("1 是最重要的。", "1 is the most important."),
        "places": 3,
        "choices": [
            _c("price", "滤芯价格", "Price of filters"),
            _c("noise", "声音", "Noise"),
            _c("speed", "出水速度", "Flow"),
            _c("app", "手机应用", "App"),
        ],
    },
    {
        "code": "budget",
        "type": "constant_sum",
        "text": _t(
            "假如您有 100 元用来改进它，会怎么分？",
            "If you had 100 yuan to improve it, how would you spend them?",
        ),
        "total": 100,
        "unit": _t("元", "yuan"),
        "choices": [
            _c("taste", "口感", "Taste"),
            _c("look", "外观", "Looks"),
            _c("service", "服务", "Service"),
        ],
    },
    {
        "code": "pay",
        "type": "slider",
        "text": _t("一支滤芯，您觉得多少钱合适？", "What is a fair price for one filter?"),
        "from": 0,
        "to": 400,
        "step": 10,
        "unit": _t("元", "yuan"),
    },
    {
        "code": "story",
        "type": "long_text",
        "role": "comment",
        "text": _t("还想告诉我们什么？", "What else would you like to tell us?"),
        "examples": [
            _t(
                "师傅很准时，还教了孩子怎么换滤芯",
                "The fitter was on time and showed my kids the filter",
            ),
            _t("希望提前一周提醒换滤芯", "Please remind me a week before the filter is due"),
        ],
    },
    {
        "code": "photo",
        "type": "file",
        "text": _t("有照片想给我们看吗？", "Do you have a picture to show us?"),
        "kinds": ["picture"],
        "megabytes": 5,
    },
    {
        "code": "reach",
        "type": "contact",
        "text": _t("我们可以怎样联系您？", "How can we reach you?"),
        "parts": ["name", "phone", "email"],
    },
    {
        "code": "consent",
        "type": "consent",
        "required_when": "{reach_email} notempty or {reach_phone} notempty",
        "text": _t(
            "如果留下联系方式，请同意我们就这次调查与您联系。",
            "If you leave your contact details, please agree that we contact you about this.",
        ),
    },
    {
        "code": "source",
        "type": "hidden",
        "text": _t("来源", "Source"),
    },
    {
        "code": "score",
        "type": "calculated",
        "text": _t("满意度得分", "Score"),
        "value": "round(avg({quality}, {satisfied}), 1)",
    },
]

ALL_KINDS: dict[str, Any] = {
    "schema": 1,
    "languages": ["zh-hans", "en"],
    "texts": {
        "title": _t("净水器使用半年回访", "Half a year with your purifier"),
        "intro": _t(
            "大约五分钟。带“选填”的题目可以跳过。",
            "About five minutes. What is marked “optional” can be left out.",
        ),
        "thanks": _t("谢谢您的时间！", "Thank you for your time!"),
    },
    "pages": [
        {"code": "use", "title": _t("使用情况", "How you use it"), "elements": _USE},
        {"code": "like", "title": _t("您的感受", "How you like it"), "elements": _LIKE},
        {"code": "next", "title": _t("接下来", "What comes next"), "elements": _NEXT},
    ],
    "ends": [
        {
            "code": "unhappy",
            "when": "{satisfied} <= 2",
            "text": _t(
                "谢谢您直言。我们会认真看每一条意见。",
                "Thank you for being frank. We read every answer.",
            ),
        }
    ],
}
