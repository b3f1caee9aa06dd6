"""What a fresh installation starts with: statuses, a first category tree, an acknowledgement.

Everything is found by its code and left alone when it exists, so that what an admin changed
stays changed.
"""

from django.db import transaction

from feedback.enums import State, TemplateKind
from feedback.models import Category, ReplyTemplate, Status
from feedback.services.categories import save_category
from feedback.services.checklists import ensure_checklists
from feedback.services.commitment_defaults import ensure_commitment_defaults
from feedback.services.form_definitions import ensure_usual_form
from feedback.services.negative_defaults import ensure_negative_rule
from feedback.services.reopening import ensure_reopening
from feedback.services.routing_rules import ensure_routing
from feedback.services.seed_defaults import SEED_WORDS
from feedback.services.sla_defaults import ensure_service_levels
from feedback.services.statuses import ensure_default_statuses

# code, state, name zh/en, label for customers zh/en, stops the clock
STATUSES = [
    ("new", State.NEW, "新建", "New", "已收到", "Received", False),
    ("open", State.OPEN, "处理中", "In progress", "处理中", "In progress", False),
    (
        "waiting-customer",
        State.WAITING_CUSTOMER,
        "等待客户",
        "Waiting for customer",
        "等待您的回复",
        "Waiting for your answer",
        True,
    ),
    (
        "waiting-third",
        State.WAITING_THIRD,
        "等待第三方",
        "Waiting for third party",
        "处理中",
        "In progress",
        True,
    ),
    ("resolved", State.RESOLVED, "已解决", "Resolved", "已解决", "Resolved", True),
    ("closed", State.CLOSED, "已关闭", "Closed", "已结束", "Closed", True),
    ("merged", State.MERGED, "已合并", "Merged", "", "", True),
    ("spam", State.SPAM, "垃圾信息", "Spam", "", "", True),
]

# code, parent, name zh/en, example zh/en
CATEGORIES = [
    (
        "product",
        "",
        "产品功能",
        "Product",
        "例：净水器 X3 换完滤芯以后，屏幕上的提示灯一直不灭，断电重启两次也没有用。",
        (
            "For example: after I changed the filter of my X3, the warning light stays on, even "
            "after I unplugged it twice."
        ),
    ),
    ("product-quality", "product", "质量故障", "Defect", "", ""),
    ("product-feature", "product", "功能建议", "Feature request", "", ""),
    ("product-usability", "product", "使用不便", "Hard to use", "", ""),
    (
        "service",
        "",
        "服务流程",
        "Service",
        "例：11 月 3 日预约了上门安装，师傅没有来，也没有电话通知，我请了半天假白等。",
        (
            "For example: the fitter was booked for 3 November, did not come and did not call; I "
            "had taken the morning off."
        ),
    ),
    ("service-delivery", "service", "物流配送", "Delivery", "", ""),
    ("service-installation", "service", "安装维修", "Installation and repair", "", ""),
    ("service-refund", "service", "退换货与退款", "Returns and refunds", "", ""),
    ("service-attitude", "service", "服务态度", "How we treated you", "", ""),
    (
        "experience",
        "",
        "客户体验",
        "Experience",
        "例：客服小李很耐心，用视频一步步教我设置好了，就是等接通的时间有点长。",
        (
            "For example: your colleague patiently showed me the set-up by video; only the wait "
            "on the phone was long."
        ),
    ),
    ("experience-praise", "experience", "表扬", "Praise", "", ""),
    ("experience-price", "experience", "价格与促销", "Prices and offers", "", ""),
    ("experience-app", "experience", "网站与小程序", "Web site and app", "", ""),
]

ACKNOWLEDGEMENT_ZH = """您好{{ customer.name }}，

您的反馈我们已经收到，编号是 {{ feedback.number }}。我们会在承诺的时间内答复您。

您可以随时在这里查看进展、补充说明：
{{ status_link }}

直接回复这封邮件也可以。

{{ company.name }}"""

ACKNOWLEDGEMENT_EN = """Hello {{ customer.name }},

we have received your feedback; its number is {{ feedback.number }}. You will hear from us \
within the time we promise.

You can follow it and add to it here at any time:
{{ status_link }}

Or simply answer this mail.

{{ company.name }}"""


@transaction.atomic
def ensure_defaults() -> None:
    for order, (code, state, zh, en, label_zh, label_en, pauses) in enumerate(STATUSES):
        Status.objects.get_or_create(
            code=code,
            defaults={
                "state": state,
                "name_zh": zh,
                "name_en": en,
                "customer_label_zh": label_zh,
                "customer_label_en": label_en,
                "pauses_clock": pauses,
                "order": order,
            },
        )
    ensure_default_statuses()
    for order, (code, parent, zh, en, example_zh, example_en) in enumerate(CATEGORIES):
        if Category.objects.filter(code=code).exists():
            continue
        save_category(
            Category(
                code=code,
                parent=Category.objects.filter(code=parent).first() if parent else None,
                name_zh=zh,
                name_en=en,
                seed_words=SEED_WORDS.get(code, ""),
                example_zh=example_zh,
                example_en=example_en,
                order=order,
            )
        )
    ensure_routing()
    ReplyTemplate.objects.get_or_create(
        shortcut="received",
        defaults={
            "kind": TemplateKind.ACKNOWLEDGE,
            "name_zh": "我们已收到您的反馈",
            "name_en": "We have received your feedback",
            "body_zh": ACKNOWLEDGEMENT_ZH,
            "body_en": ACKNOWLEDGEMENT_EN,
        },
    )
    ensure_service_levels()
    ensure_commitment_defaults()
    ensure_reopening()
    ensure_checklists()
    ensure_negative_rule()
    ensure_usual_form()
