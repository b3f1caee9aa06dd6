"""What the call-back survey asks on a fresh installation. Admins change it by publishing a new
version; this text is then not looked at again."""

from typing import Any

LOW, HIGH = (
    {"zh-hans": "很不满意", "en": "Very dissatisfied"},
    {
        "zh-hans": "非常满意",
        "en": "Very satisfied",
    },
)

CALL_BACK_QUESTIONS: dict[str, Any] = {
    "schema": 1,
    "languages": ["zh-hans", "en"],
    "texts": {
        "title": {"zh-hans": "这次处理得怎么样？", "en": "How did we do?"},
        "intro": {
            "zh-hans": "只有第一题必须回答，大约一分钟。您的回答会直接送到负责的团队。",
            "en": (
                "Only the first question needs an answer; it takes about a minute. Your answers "
                "go straight to the team in charge."
            ),
        },
        "thanks": {
            "zh-hans": "谢谢您花时间告诉我们。",
            "en": "Thank you for taking the time to tell us.",
        },
    },
    "pages": [
        {
            "code": "all",
            "elements": [
                {
                    "code": "overall",
                    "type": "stars",
                    "role": "overall",
                    "required": True,
                    "text": {
                        "zh-hans": "总的来说，您对这次的处理满意吗？",
                        "en": "Overall, how satisfied are you with how we handled this?",
                    },
                    "low": LOW,
                    "high": HIGH,
                },
                {
                    "code": "solved",
                    "type": "single_choice",
                    "role": "solved",
                    "text": {"zh-hans": "您的问题解决了吗？", "en": "Is the matter settled?"},
                    "choices": [
                        {"code": "yes", "text": {"zh-hans": "解决了", "en": "Yes"}},
                        {"code": "partly", "text": {"zh-hans": "解决了一部分", "en": "In part"}},
                        {"code": "no", "text": {"zh-hans": "还没有解决", "en": "No, not yet"}},
                    ],
                },
                {
                    "code": "functional",
                    "type": "stars",
                    "role": "functional",
                    "text": {
                        "zh-hans": "现在，产品或服务用起来顺手吗？",
                        "en": "How well does the product or service work for you now?",
                    },
                    "low": {"zh-hans": "完全不能用", "en": "Not at all"},
                    "high": {"zh-hans": "非常好用", "en": "Very well"},
                },
                {
                    "code": "service",
                    "type": "stars",
                    "role": "service",
                    "text": {
                        "zh-hans": "为您服务的同事表现如何？",
                        "en": "How was the service you got from our people?",
                    },
                    "low": {"zh-hans": "很差", "en": "Very poor"},
                    "high": {"zh-hans": "非常好", "en": "Excellent"},
                },
                {
                    "code": "emotional",
                    "type": "stars",
                    "role": "emotional",
                    "text": {
                        "zh-hans": "整个过程给您的感受怎么样？",
                        "en": "How did the whole experience make you feel?",
                    },
                    "low": {"zh-hans": "很失望", "en": "Let down"},
                    "high": {"zh-hans": "很安心", "en": "In good hands"},
                },
                {
                    "code": "comment",
                    "type": "long_text",
                    "role": "comment",
                    "text": {
                        "zh-hans": "还有什么想告诉我们的？",
                        "en": "Is there anything else you would like to tell us?",
                    },
                    "placeholder": {
                        "zh-hans": "例：师傅来得很快，但走的时候没有告诉我滤芯多久换一次。",
                        "en": (
                            "For example: the fitter came quickly, but left without telling me "
                            "how often to change the filter."
                        ),
                    },
                },
            ],
        }
    ],
}
