"""Surveys to start from. Their codes say what is asked, and their roles let figures find them."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LANGUAGES = ["zh-hans", "en"]


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh-hans": zh, "en": en}


def _c(code: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": _t(zh, en), **more}


def _q(code: str, kind: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": kind, "text": _t(zh, en), **more}


def _comment(zh: str, en: str, **more: Any) -> dict[str, Any]:
    return _q("comment", "long_text", zh, en, role="comment", **more)


_VERY = {
    "low": _t("很不满意", "Very dissatisfied"),
    "high": _t("非常满意", "Very satisfied"),
}
_THANKS = _t(
    "谢谢您的回答！每一条我们都会认真看。",
    "Thank you! We read every single answer.",
)


def _definition(zh: str, en: str, intro: dict[str, str], *pages: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "languages": LANGUAGES,
        "texts": {"title": _t(zh, en), "intro": intro, "thanks": _THANKS},
        "pages": [
            {"code": f"page{number}", "elements": list(elements)}
            for number, elements in enumerate(pages, start=1)
        ],
    }


@dataclass(frozen=True, slots=True)
class Ready:
    code: str
    name: Promise
    about: Promise
    icon: str
    definition: dict[str, Any]

    @property
    def count(self) -> int:
        return sum(len(page["elements"]) for page in self.definition["pages"])


_NPS = _definition(
    "您会推荐我们吗？",
    "Would you recommend us?",
    _t("只有两个问题，不到一分钟。", "Two questions, less than a minute."),
    [
        _q(
            "likely",
            "nps",
            "您有多大可能把我们推荐给朋友或同事？",
            "How likely are you to recommend us to a friend or colleague?",
            required=True,
        ),
        _q(
            "missing",
            "long_text",
            "我们哪里让您失望了？",
            "Where did we let you down?",
            when="{likely} <= 6",
        ),
        _q(
            "better",
            "long_text",
            "差在哪一点，您才没有打更高的分？",
            "What would have made it a 9 or a 10?",
            when="{likely} = 7 or {likely} = 8",
        ),
        _q(
            "like",
            "long_text",
            "您最喜欢我们的哪一点？",
            "What do you like best about us?",
            when="{likely} >= 9",
        ),
    ],
)
_CSAT = _definition(
    "您满意吗？",
    "How satisfied are you?",
    _t("请告诉我们您的真实感受。", "Please tell us how it really was."),
    [
        _q(
            "overall",
            "csat",
            "总的来说，您对我们满意吗？",
            "Overall, how satisfied are you with us?",
            required=True,
        ),
        _q(
            "reasons",
            "multiple_choice",
            "主要是哪些方面不好？",
            "What was it mainly about?",
            when="{overall} <= 3",
            choices=[
                _c("product", "产品本身", "The product itself"),
                _c("service", "服务态度", "How I was treated"),
                _c("speed", "等得太久", "It took too long"),
                _c("price", "价格", "The price"),
                _c("other", "其他", "Something else", other=True, fixed=True),
            ],
        ),
        _comment("还有什么想对我们说的？", "Is there anything else you want to tell us?"),
    ],
)
_CES = _definition(
    "办这件事轻松吗？",
    "Was it easy?",
    _t("您的回答会帮我们把流程改得更简单。", "Your answer helps us to make things simpler."),
    [
        _q(
            "easy",
            "ces",
            "“这家公司让我很轻松地办完了事。”您同意吗？",
            "“The company made it easy for me to get this done.” Do you agree?",
            required=True,
        ),
        _q(
            "hard",
            "multiple_choice",
            "哪一步最费劲？",
            "Which part was the hardest?",
            when="{easy} <= 4",
            choices=[
                _c("find", "找到该找谁", "Finding whom to ask"),
                _c("wait", "等待回复", "Waiting for an answer"),
                _c("repeat", "同样的话要说好几遍", "Saying the same thing again and again"),
                _c("forms", "填写资料", "Filling in forms"),
                _c("other", "其他", "Something else", other=True, fixed=True),
            ],
        ),
        _comment("怎样才会更轻松？", "What would have made it easier?"),
    ],
)
_SERVICE = _definition(
    "这次服务怎么样？",
    "How was our service?",
    _t("关于您最近的一次服务，占用您两分钟。", "About your latest contact; it takes two minutes."),
    [
        _q(
            "overall",
            "stars",
            "这次服务您打几颗星？",
            "How many stars do you give our service?",
            role="overall",
            required=True,
            **_VERY,
        ),
        _q(
            "solved",
            "single_choice",
            "您的问题解决了吗？",
            "Is your problem solved?",
            role="solved",
            required=True,
            choices=[
                _c("yes", "解决了", "Yes"),
                _c("partly", "解决了一部分", "In part"),
                _c("no", "没有解决", "No"),
            ],
        ),
        _q(
            "open",
            "long_text",
            "还有什么没解决？",
            "What is still open?",
            when="{solved} anyof ['partly', 'no']",
        ),
    ],
    [
        _q(
            "people",
            "likert",
            "接待您的同事怎么样？",
            "How were the people who helped you?",
            rows=[
                _c("friendly", "态度友好", "Friendly"),
                _c("expert", "熟悉业务", "Knew their subject"),
                _c("fast", "反应迅速", "Quick to respond"),
                _c("listen", "认真听我说", "Listened to me"),
            ],
            columns=[
                _c("1", "非常不同意", "Strongly disagree", score=1),
                _c("2", "不同意", "Disagree", score=2),
                _c("3", "一般", "Neither", score=3),
                _c("4", "同意", "Agree", score=4),
                _c("5", "非常同意", "Strongly agree", score=5),
            ],
        ),
        _comment("还有什么想说的？", "Is there anything else you want to say?"),
    ],
)
_PRODUCT = _definition(
    "您觉得这个产品怎么样？",
    "What do you think of the product?",
    _t(
        "您的意见会直接交到产品团队手里。", "Your opinion goes straight to the people who make it."
    ),
    [
        _q(
            "often",
            "single_choice",
            "您多久用一次？",
            "How often do you use it?",
            choices=[
                _c("daily", "每天", "Every day"),
                _c("weekly", "每周几次", "A few times a week"),
                _c("monthly", "每月几次", "A few times a month"),
                _c("rarely", "很少", "Rarely"),
            ],
        ),
        _q(
            "functional",
            "csat",
            "功能满足您的需要吗？",
            "How well does it do what you need?",
            role="functional",
            required=True,
        ),
        _q(
            "matters",
            "ranking",
            "对您来说，什么最重要？请排序。",
            "What matters most to you? Put these in order.",
            choices=[
                _c("quality", "质量", "Quality"),
                _c("easy", "好用", "Ease of use"),
                _c("looks", "外观", "Looks"),
                _c("price", "价格", "Price"),
            ],
        ),
    ],
    [
        _q("like", "long_text", "最喜欢哪一点？", "What do you like best?"),
        _comment("最希望改进哪一点？", "What should we improve first?"),
        _q(
            "likely",
            "nps",
            "您有多大可能把它推荐给朋友？",
            "How likely are you to recommend it to a friend?",
        ),
    ],
)
_EVENT = _definition(
    "活动怎么样？",
    "How was the event?",
    _t("谢谢您的到来！请告诉我们您的感受。", "Thank you for coming! Tell us how it was."),
    [
        _q(
            "overall",
            "stars",
            "总的来说，这次活动怎么样？",
            "Overall, how was the event?",
            role="overall",
            required=True,
            **_VERY,
        ),
        _q(
            "parts",
            "likert",
            "您对以下方面满意吗？",
            "How satisfied were you with …",
            rows=[
                _c("content", "内容", "the content"),
                _c("speakers", "嘉宾", "the speakers"),
                _c("place", "场地", "the place"),
                _c("organisation", "组织安排", "the organisation"),
            ],
            columns=[
                _c("1", "很不满意", "Very dissatisfied", score=1),
                _c("2", "不满意", "Dissatisfied", score=2),
                _c("3", "一般", "Neither", score=3),
                _c("4", "满意", "Satisfied", score=4),
                _c("5", "非常满意", "Very satisfied", score=5),
            ],
        ),
        _q(
            "again",
            "single_choice",
            "下次还会来吗？",
            "Will you come again?",
            choices=[
                _c("yes", "会", "Yes"),
                _c("maybe", "看情况", "Perhaps"),
                _c("no", "不会", "No"),
            ],
        ),
        _comment("下次我们应该做什么不一样？", "What should we do differently next time?"),
    ],
)
_FOUR = _definition(
    "您对我们满意吗？",
    "How satisfied are you with us?",
    _t("四个方面，一分钟。", "Four sides of one thing, in a minute."),
    [
        _q(
            "overall",
            "csat",
            "总的来说，您对我们满意吗？",
            "Overall, how satisfied are you with us?",
            required=True,
        ),
        _q(
            "functional",
            "csat",
            "产品的功能和质量让您满意吗？",
            "How satisfied are you with what our product does, and how well?",
            role="functional",
            required=True,
        ),
        _q(
            "service",
            "csat",
            "我们的服务让您满意吗？",
            "How satisfied are you with our service?",
            role="service",
            required=True,
        ),
        _q(
            "emotional",
            "csat",
            "与我们打交道的感受让您满意吗？",
            "How satisfied are you with how it feels to deal with us?",
            role="emotional",
            required=True,
        ),
        _comment("为什么这样打分？", "Why did you answer as you did?"),
    ],
)
READY: tuple[Ready, ...] = (
    Ready("nps", _("Recommendation (NPS)"), _("Would people recommend you, and why?"),
          "megaphone", _NPS),
    Ready("csat", _("Satisfaction (CSAT)"), _("How satisfied are they, and what was wrong?"),
          "thumbs-up", _CSAT),
    Ready("ces", _("Effort (CES)"), _("Was it easy, and which part was hard?"),
          "footprints", _CES),
    Ready("service", _("After service"), _("Stars, solved or not, and the people who helped."),
          "headset", _SERVICE),
    Ready("product", _("Product"), _("How it is used, what matters, what to improve."),
          "package", _PRODUCT),
    Ready("event", pgettext_lazy("people come together", "Event"),
          _("What visitors thought of it."), "calendar-days", _EVENT),
    Ready("four", _("Four satisfactions"), _("Overall, function, service and feeling."),
          "layout-grid", _FOUR),
)  # fmt: skip


def ready_definition(code: str) -> dict[str, Any] | None:
    """A copy of a template's definition; None for an unknown one."""
    return next((deepcopy(one.definition) for one in READY if one.code == code), None)
