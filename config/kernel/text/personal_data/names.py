"""Names of people, after words that introduce one. Pure: texts are given as `surroundings.plain`
copies."""

import re
from collections.abc import Iterator

from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans
from config.kernel.text.personal_data.surroundings import words

_TWO = (
    "欧阳|司马|上官|诸葛|司徒|东方|独孤|南宫|闻人|夏侯|尉迟|公孙|皇甫|令狐|宇文|长孙|慕容|端木|"
    "轩辕|申屠|钟离|"
    "呼延|太史|百里|东郭|西门|淳于|单于|公羊|濮阳|澹台|拓跋"
)
_ONE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席"
    "卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符"
    "奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆"
    "谌银扬明沙薄伏岑习胥保和蔺劉張陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾薑範譚鄒陸顧龍萬錢湯賀龔龐蘭顏嚴"
)
# Common ones that begin words people use after “我叫”.
_RARE = frozenset("来都和全明官原商连台应时向成位单包车管花解强简司安方左路常保")
# What given names do not hold, and sentences do.
_NEVER_GIVEN = frozenset(
    "的了是在我你您他她它们和与跟就都也不很没有个这那哪要想会能把被让给到去说看用买卖电手身证住打请叫做吗呢吧啊呀吃"
    "点单号码问过得着再还又先已最太只才但因为所以如果么什怎谁几次件等您餐饭菜店家员客服务该后前找询索填写输错查"
)
_AFTER_A_NAME = frozenset(
    "我的是在和与跟住家身电手今现想要于男女因从去向购买订的投反咨来有先同小性年已出籍收地微卡工请需麻谢希"
    "（(，,。.；;、：:！!？?）)”\"'」| \n\t/\\[]【】{}<>-—"
)
_HAN = r"\u3400-\u9fff"
# A label of a form: what follows is a name unless it says otherwise.
_LABEL = re.compile(
    r"(?:姓名|名字|收件人|收货人|寄件人|联系人|投诉人|申请人|开户人|户名|持卡人|车主|业主|经办人|"
    r"办理人|"
    r"乘客|乘车人|入住人|当事人|患者|称呼|真名)(?:姓名|名字)?"
    r"(?P<said>[ ]{0,2}(?:[:：]|是|为|叫)[ ]{0,2})?[ ]{0,2}[\"'“「【]?"
    rf"(?P<name>[{_HAN}]{{2,4}}(?:[·•・][{_HAN}]{{1,8}}){{0,2}}|[A-Z][A-Za-z'’-]+(?:[ "
    rf"][A-Z][A-Za-z'’.-]*){{0,3}})"
)
_NOT_BEFORE_A_TITLE = _NEVER_GIVEN | frozenset("老行待游")
_PERSONS = ("车主", "业主", "乘客", "患者", "当事人")  # words of sentences, too
_NO_NAME = words(
    "同上 本人 保密 匿名 未知 不详 客服 店长 老板 经理 前台 物业 快递 电话 信息 不符 错误 有误 "
    "手机 号码 地址 "
    "先生 女士 小姐 没有 暂无"
)
_INTRODUCED = re.compile(
    rf"(?:我(?:的名字)?(?:叫做?|名叫)|本人(?:名?叫|姓名)?|名叫|我的?(?:名字|姓名)(?:叫|是)|"
    rf"我是(?=[{_HAN}]{{2,4}}"
    rf"[，, ]{{1,2}}(?:我的?)?(?:电话|手机|身份证|会员|订单|住)))[ ]?"
    rf"(?P<name>[{_HAN}]{{2,5}}(?:[·•・][{_HAN}]{{1,8}})?)"
)
_TITLED = re.compile(
    rf"(?:(?<![{_HAN}])|客服|经理|主管|店长|主任|专员|顾问|联系|负责人)"
    rf"(?P<name>(?:{_TWO}|[{_ONE}])[{_HAN}]{{1,2}}?)(?:先生|女士|小姐)"
)
_ROLE = re.compile(
    rf"(?:客服|店员|经理|快递员|骑手|司机|师傅|服务员|医生|护士|老师|销售|导购|顾问|工号)"
    rf"[ ]?(?:叫|名叫|姓名是?)[ ]?(?P<name>[{_HAN}]{{2,4}})"
)
_A_NAME = re.compile(rf"(?:{_TWO})[{_HAN}]{{1,2}}|[{_ONE}][{_HAN}]{{1,2}}")
_TWO_SIGNS = re.compile(_TWO)

_WORD = r"[A-Z](?:[a-zA-Z'’-]+|\.|(?=[ ][A-Z][a-z]))"
_ENGLISH = re.compile(
    r"\b(?:(?:[Mm]y|[Tt]he)[ ](?:full[ ]|real[ ]|first[ ]|last[ ])?[Nn]ame(?:[ ]is|'s|’s|:)|"
    r"(?:(?:[Ff]ull|[Ff]irst|[Ll]ast|[Cc]ustomer|[Cc]ontact|[Ff]amily)[ ])?[Nn]ame[ ]?[:：]|"
    r"(?:[Rr]ecipient|[Cc]ontact(?:[ ]person)?|[Aa]ttn\.?|[Aa]ccount[ ]holder|[Cc]ardholder|"
    r"[Pp]assenger)[ ]?[:：]|"
    r"I[ ]am[ ]called|I'm[ ]called|[Aa]sk[ ]for)[ ]{0,2}"
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?[ ])?(?P<name>{_WORD}(?:[ ]{_WORD}){{0,3}})"
)
_SMALL = re.compile(
    r"\bmy[ ]name[ ]is[ ](?P<name>[a-z'’-]{2,20})(?:[ ](?P<second>[a-z'’-]{2,20})(?=[.,;!\n]|[ "
    r"]and[ ]|$))?"
)
_NOT_SMALL = words(
    "not on in the a an spelled misspelled spelt wrong correct still no what missing listed "
    "written "
    "showing incorrect being my also under already now there here as"
)
_WITH_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sir|Madam)\.?[ ](?P<name>[A-Z](?:[a-z'’-]+(?:[A-Z][a-z'’]+)*|"
    r"\.)(?:[ ][A-Z](?:[a-zA-Z'’-]+|\.?)){0,2})"
)
_NO_TITLED = words(
    "Pepper President Manager Who Strange Phil Office Word Excel Bean Robot Customer Right "
    "Chairman Driver"
)
_SIGNED = re.compile(
    r"(?:[Rr]egards|[Ss]incerely|[Tt]ruly|[Bb]est(?: wishes)?|[Tt]hanks|[Tt]hank you|"
    r"[Cc]heers),?[ ]*\n\s*"
    r"(?P<name>[A-Z][a-z'’-]+(?:[ ](?:[A-Z]\.?|[A-Z][a-z'’-]+)){0,2})[ ]*(?=\n|$)"
)
_ENGLISH_WORDS = re.compile(
    r"ame|[Rr]ecip|[Cc]ontact|[Aa]ttn|older|assenger|called|[Aa]sk for|M[rsx]|Dr|Prof|Sir|Madam|"
    r"egards|incerely|ruly|[Bb]est|hank|heers"
)


def chinese_names(text: str) -> Spans:
    """Names after 我叫, 姓名, 收件人 and the like, and before 先生 or 女士."""
    for found in _LABEL.finditer(text):
        yield from _of_a_form(found)
    for found in _INTRODUCED.finditer(text):
        weak = found[0].removesuffix(found["name"]).strip() in {"本人", "我是"}
        if len(found[0]) > len(found["name"]) and (
            name := _chinese(text, *found.span("name"), weak=weak)
        ):
            yield name
    for found in _ROLE.finditer(text):
        if name := _chinese(text, *found.span("name")):
            yield name
    for found in _TITLED.finditer(text):
        if not _NOT_BEFORE_A_TITLE.intersection(found["name"]):
            yield Span(*found.span("name"), Kind.NAME, Certainty.POSSIBLE)


def _of_a_form(found: re.Match[str]) -> Iterator[Span]:
    start, end = found.span("name")
    value, said = found["name"], (found["said"] or "").strip()
    if not said and (value[0].isascii() or found[0].startswith(_PERSONS)):
        return
    colon = said[:1] in {":", "："} and bool(said)
    if value[0].isascii() or "·" in value or "•" in value or "・" in value:
        yield Span(start, end, Kind.NAME, Certainty.CERTAIN)
    elif name := _chinese(found.string, start, end):
        if said or value[0] not in _RARE:
            yield name
    elif colon and value[:2] not in _NO_NAME and not _NEVER_GIVEN.intersection(value):
        # No common family name, yet the form says that it is one.
        yield Span(start, end, Kind.NAME, Certainty.LIKELY)


def _chinese(text: str, start: int, end: int, *, weak: bool = False) -> Span | None:
    """The name that begins at `start`: a family name and one or two signs. The longer one if what
    follows ends it, else the shorter one; after a `weak` introduction no other word may follow."""
    if "·" in text[start:end]:
        return Span(start, end, Kind.NAME, Certainty.CERTAIN)
    if _A_NAME.match(text, start) is None or text[start : start + 2] in _NO_NAME:
        return None
    family = 2 if _TWO_SIGNS.match(text, start) else 1
    rare = family == 1 and text[start] in _RARE
    if weak and rare:
        return None
    for given in (2, 1):
        after = start + family + given
        if after > end or _NEVER_GIVEN.intersection(text[start + family : after]):
            continue
        follows = text[after : after + 1]
        ends = (
            not follows or not ("\u3400" <= follows <= "\u9fff")
            if weak
            else (not follows or follows in _AFTER_A_NAME or not ("\u3400" <= follows <= "\u9fff"))
        )
        if ends and not (rare and given == 1):
            return Span(start, after, Kind.NAME, Certainty.LIKELY)
    return None


def english_names(text: str) -> Spans:
    """Names after “my name is”, labels of forms, Mr and Ms, and below a greeting at the end."""
    if not _ENGLISH_WORDS.search(text):
        return
    for found in _ENGLISH.finditer(text):
        yield Span(*_without_full_stop(found), Kind.NAME, Certainty.LIKELY)
    for found in _SMALL.finditer(text):
        if found["name"] not in _NOT_SMALL:
            group = "second" if found["second"] and found["second"] not in _NOT_SMALL else "name"
            yield Span(found.start("name"), found.end(group), Kind.NAME, Certainty.LIKELY)
    for found in _WITH_TITLE.finditer(text):
        if found["name"].split()[0] not in _NO_TITLED:
            yield Span(*_without_full_stop(found), Kind.NAME, Certainty.LIKELY)
    for found in _SIGNED.finditer(text):
        yield Span(*found.span("name"), Kind.NAME, Certainty.LIKELY)


def _without_full_stop(found: re.Match[str]) -> tuple[int, int]:
    start, end = found.span("name")
    return start, end - (found["name"].endswith(".") and end - start > 2)
