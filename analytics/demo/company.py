"""The company itself: teams, people, products, tags, reply templates, its mailbox."""

from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.models import Group

from accounts.enums import Role
from accounts.models import CustomField, Membership, Team, User
from accounts.rules.demo_logins import DEMO_DOMAIN, DEMO_LOGINS
from analytics.demo.fields import make_fields, make_forms
from analytics.demo.words import Topic, read, tag_name
from feedback.enums import AfterMacro, State
from feedback.models import (
    Category,
    FormDefinition,
    Macro,
    Mailbox,
    Product,
    ReplyTemplate,
    Status,
)
from feedback.models import Tag as TagRow
from feedback.services.categories import save_category
from feedback.services.macros import save_macro

MAILBOX, MAILBOX_NAME = f"service@{DEMO_DOMAIN}", "澈屿 Cheyu"
BATCH_TAG, KEY_TAG = tag_name("batch"), tag_name("vip")

# code, name zh/en, categories that it usually handles
TEAMS = [
    ("care", "售后服务组", "After-sales", ["product", "product-quality", "product-usability"]),
    ("fitting", "安装维修组", "Installation and repair", ["service-installation"]),
    ("delivery", "物流配送组", "Delivery", ["service-delivery", "service-refund"]),
    ("online", "线上会员组", "Online and members", ["experience-app", "experience-price"]),
    (
        "relations",
        "客户关怀组",
        "Customer relations",
        ["service-attitude", "experience-praise", "product-feature"],
    ),
]
# code, kind, name zh/en, share of sales
PRODUCTS = [
    ("x3", "water", "X3 厨下净水器", "X3 under-sink water filter", 5),
    ("x5-pro", "water", "X5 Pro 厨下净水器", "X5 Pro under-sink water filter", 3),
    ("x8", "water", "X8 大通量净水器", "X8 high-flow water filter", 2),
    ("a2", "air", "A2 空气净化器", "A2 air purifier", 4),
    ("a6-max", "air", "A6 Max 空气净化器", "A6 Max air purifier", 3),
    ("h1", "air", "H1 加湿净化一体机", "H1 humidifying purifier", 2),
    ("s1", "guard", "S1 漏水卫士", "S1 leak guard", 3),
    ("g1", "smart", "G1 家庭网关", "G1 home gateway", 3),
    ("q1", "smart", "Q1 空气检测仪", "Q1 air monitor", 2),
]
# team, name, local part of the address, language, leads the team, minutes of others = 1.0
STAFF = [
    ("care", "周雨晴", "zhou.yuqing", "zh-hans", False, 0.9),
    ("care", "马思远", "ma.siyuan", "zh-hans", False, 1.1),
    ("care", "Emma Lowe", "emma.lowe", "en", False, 0.8),
    ("care", "何静", "he.jing", "zh-hans", False, 1.3),
    ("care", "罗浩然", "luo.haoran", "zh-hans", False, 1.0),
    ("care", "Marco Berg", "marco.berg", "en", False, 1.2),
    ("care", "唐欣妍", "tang.xinyan", "zh-hans", False, 0.75),
    ("fitting", "高志强", "gao.zhiqiang", "zh-hans", True, 1.0),
    ("fitting", "邓勇", "deng.yong", "zh-hans", False, 1.4),
    ("fitting", "彭俊杰", "peng.junjie", "zh-hans", False, 1.0),
    ("fitting", "Liam Doyle", "liam.doyle", "en", False, 1.1),
    ("fitting", "蔡国庆", "cai.guoqing", "zh-hans", False, 1.6),
    ("fitting", "石磊", "shi.lei", "zh-hans", False, 0.9),
    ("delivery", "宋佳怡", "song.jiayi", "zh-hans", True, 0.8),
    ("delivery", "谢明轩", "xie.mingxuan", "zh-hans", False, 1.0),
    ("delivery", "Nadia Keller", "nadia.keller", "en", False, 0.9),
    ("delivery", "傅涛", "fu.tao", "zh-hans", False, 1.2),
    ("delivery", "姜丽娜", "jiang.lina", "zh-hans", False, 1.1),
    ("online", "沈一诺", "shen.yinuo", "zh-hans", True, 0.9),
    ("online", "崔宇航", "cui.yuhang", "zh-hans", False, 1.0),
    ("online", "Priya Iyer", "priya.iyer", "en", False, 0.7),
    ("online", "范嘉豪", "fan.jiahao", "zh-hans", False, 1.3),
    ("relations", "叶婉清", "ye.wanqing", "zh-hans", True, 0.7),
    ("relations", "Grace Turner", "grace.turner", "en", False, 0.8),
    ("relations", "顾书瑶", "gu.shuyao", "zh-hans", False, 0.9),
    ("relations", "汪海燕", "wang.haiyan", "zh-hans", False, 1.0),
]


@dataclass(slots=True)
class Colleague:
    user: User
    team: str
    language: str
    is_lead: bool
    pace: float


@dataclass(slots=True)
class Company:
    """Everything that exists before the first customer writes."""

    teams: dict[str, Team]
    staff: list[Colleague]
    products: list[Product]
    mailbox: Mailbox
    statuses: dict[State, Status]
    categories: dict[str, Category]
    team_of_category: dict[str, str]
    tags: dict[str, TagRow] = field(default_factory=dict)
    fields: list[CustomField] = field(default_factory=list)
    # What was made in tables that have no mark for demo rows: label → primary keys.
    unmarked: dict[str, list[int]] = field(default_factory=dict)

    def lead(self, team: str) -> User:
        return next(one.user for one in self.staff if one.team == team and one.is_lead)

    def colleague(self, rng: Random, team: str, language: str) -> Colleague:
        """Somebody of the team who writes the customer's language."""
        able = [one for one in self.staff if one.team == team and one.language == language]
        return rng.choice(able)

    def product(self, rng: Random, topic: Topic) -> Product:
        fitting = [row for row in PRODUCTS if row[1] in topic.kinds or _any_smart(row, topic)]
        code = rng.choices([row[0] for row in fitting], [row[4] for row in fitting])[0]
        return next(product for product in self.products if product.code == code)


def _any_smart(row: tuple[str, str, str, str, int], topic: Topic) -> bool:
    return row[1] == "guard" and "smart" in topic.kinds


def kind_of(product: Product) -> str:
    return next(row[1] for row in PRODUCTS if row[0] == product.code)


def found_company(topics: tuple[Topic, ...], *, password: str | None) -> Company:
    """Write the company down. `password` = what the four well-known logins open with; None =
    nobody of the company can log in."""
    teams = {
        code: Team.objects.create(name_zh=zh, name_en=en, is_demo=True)
        for code, zh, en, _ in TEAMS
    }
    mailbox = Mailbox.objects.create(address=MAILBOX, name=MAILBOX_NAME, is_demo=True)
    products = [
        Product.objects.create(code=code, name_zh=zh, name_en=en, is_demo=True)
        for code, _, zh, en, _ in PRODUCTS
    ]
    company = Company(
        teams=teams,
        staff=_hire(teams, password),
        products=products,
        mailbox=mailbox,
        statuses={state: Status.objects.default_for(state) for state in State},
        categories={category.code: category for category in Category.objects.all()},
        team_of_category={code: team for team, _, _, codes in TEAMS for code in codes},
    )
    _hand_out_categories(company)
    _make_templates(company)
    _make_macros(company)
    _make_tags(company, topics)
    company.unmarked[CustomField._meta.label] = made = make_fields()
    company.fields = list(CustomField.objects.filter(pk__in=made))
    company.unmarked[FormDefinition._meta.label] = make_forms(teams["fitting"], company.fields)
    return company


def _hire(teams: dict[str, Team], password: str | None) -> list[Colleague]:
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    staff = []
    for login in DEMO_LOGINS:
        user = User.objects.create_user(
            login.email,
            password,
            name=login.name,
            language="",
            is_staff=login.role == Role.ADMIN,
            is_demo=True,
        )
        user.groups.add(groups[login.role])
        if login.role in {Role.AGENT, Role.LEAD}:
            leads = login.role == Role.LEAD
            Membership.objects.create(team=teams["care"], user=user, is_lead=leads)
            staff.append(Colleague(user, "care", "zh-hans", leads, 0.8))
    for team, name, local, language, leads, pace in STAFF:
        user = User.objects.create_user(
            f"{local}@{DEMO_DOMAIN}", None, name=name, language=language, is_demo=True
        )
        user.groups.add(groups[Role.LEAD if leads else Role.AGENT])
        Membership.objects.create(team=teams[team], user=user, is_lead=leads)
        staff.append(Colleague(user, team, language, leads, pace))
    return staff


def _hand_out_categories(company: Company) -> None:
    """Say which team usually handles a category, where nobody has said so."""
    for code, team in company.team_of_category.items():
        category = company.categories.get(code)
        if category is not None and category.team_id is None:
            category.team = company.teams[team]
            save_category(category)


def _make_templates(company: Company) -> None:
    made = []
    for row in read("replies")["template"]:
        body = {key: row[key].strip() for key in ("body_zh", "body_en")}
        template, is_new = ReplyTemplate.objects.get_or_create(
            shortcut=row["shortcut"],
            defaults={key: row[key] for key in ("kind", "name_zh", "name_en")} | body,
        )
        if is_new:
            made.append(template.pk)
    company.unmarked[ReplyTemplate._meta.label] = made


def _make_macros(company: Company) -> None:
    made: list[int] = []
    for row in read("macros")["macro"]:
        known = Macro.objects.filter(name_en=row["name_en"], owner=None)
        if known.exists():
            continue
        template = ReplyTemplate.objects.active().filter(shortcut=row.get("template"), owner=None)
        macro = Macro(
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            order=len(made) + 1,
            changes=row["changes"],
            template=template.first(),
            after=row.get("after", AfterMacro.STAY),
        )
        made.append(save_macro(macro).pk)
    company.unmarked[Macro._meta.label] = made


def _make_tags(company: Company, topics: tuple[Topic, ...]) -> None:
    made = []
    for name in sorted({BATCH_TAG, KEY_TAG} | {tag for topic in topics for tag in topic.tags}):
        tag = TagRow.objects.filter(name__iexact=name).first()
        if tag is None:
            tag = TagRow.objects.create(name=name)
            made.append(tag.pk)
        company.tags[name] = tag
    company.unmarked[TagRow._meta.label] = made
