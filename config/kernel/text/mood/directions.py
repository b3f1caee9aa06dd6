"""What rises and what falls: more quality pleases, a higher price does not.

Method: a noun that is good or bad where there is much of it, a word of direction behind it in the
same clause, and whether a denial stands between: 价格降了 pleases, "quality has dropped" does not.
"""

import re

SAYS = 1.4

_GOOD_ZH = (
    "质量|品质|水准|水平|效率|速度|网速|成绩|性价比|口味|份量|分量|菜量|饭量|肉量|种类|花样|品种|款式|选择|"
    "利息|收益|待遇|工资|福利|满意度|舒适度|续航|寿命|精度|清晰度|灵敏度|透气性|准确率|成功率|口碑|信誉|"
    "热情|积极性|兴趣|胃口|食欲|体质|免疫力|视力|睡眠"
)
_BAD_ZH = (
    "价格|价钱|票价|房价|菜价|单价|费用|话费|电费|水费|油费|运费|邮费|学费|房租|租金|成本|手续费|服务费|"
    "管理费|物业费|停车费|门槛|噪音|噪声|杂音|油耗|能耗|功耗|故障率|故障|错误率|误差|延迟|损耗|发热|压力|"
    "负担|难度|风险|血压|体重|等待时间|排队时间|差错|异味|污染|药费|医药费|药价"
)
_UP_ZH = (
    "升高|上升|提升|提高|上涨|增加|增多|翻倍|翻番|变高|变多|变大|飙升"
    "|升|涨|增|高|多|大|快|贵|足|好|强"
)
_DOWN_ZH = (
    "下降|降低|减少|下滑|缩水|缩短|下跌|变低|变少|变小|变差|打折|降|跌|减|低|少|小|慢|差|短|弱"
)
_ZH = re.compile(
    rf"(?:(?P<good>{_GOOD_ZH})|(?P<bad>{_BAD_ZH}))(?:[也都却还又]|比\w{{1,5}}?|明显|大大|有所|越来越)*"
    r"(?P<no>并?没有?|并不|不算|不太|不够|不怎么|不|未)?(?:有|很|挺|太|更|再|那么|特别|非常|相当|真)*"
    rf"(?:(?P<up>(?:不降反)?(?:{_UP_ZH}))|(?P<down>(?:不升反|不增反|不涨反)?(?:{_DOWN_ZH})))"
)
_GOOD_EN = (
    r"qualit(?:y|ies)|standards?|value|speeds?|comfort|choice|selection|battery life|coverage|"
    r"range|performance|reliability|safety|efficiency|accuracy|savings|results|grades|marks|score|mood|"
    r"health|appetite|portions?|productivity|hygiene|cleanliness|responsiveness"
)
_BAD_EN = (
    r"prices?|costs?|bills?|fees?|noise|rent|premiums?|charges|fares?|errors?|crashes|complaints|"
    r"mistakes|consumption|delays?|wait(?:ing)?(?: times?)?|queues?|pain|stress|workload|rates|"
    r"blood pressure|latency|downtime"
)
_EN = re.compile(
    rf"\b(?:(?P<good>{_GOOD_EN})|(?P<bad>{_BAD_EN}))\b(?: (?:in|of|for) the \w+)?"
    r"(?: (?P<no>not|never|hasn't|haven't|didn't|isn't|aren't|doesn't|don't)\b)?"
    r"(?: (?:is|are|was|were|has|have|had|been|gone|went|going|got|gets|keeps?|much|even|far|"
    r"actually|really|only|way|a lot|so|very|too|quite))*"
    r" (?:(?P<up>up|higher|high|better|improv\w+|rose|risen|rising|rises|increas\w+|more|longer|"
    r"doubled|tripled|soared|climb\w+|skyrocketed|good|great)"
    r"|(?P<down>down|lower|low|worse|drop\w*|fell|fallen|falls|falling|declin\w+|decreas\w+|less|"
    r"shorter|halved|shrunk|shrank|shrinking|reduced|slipp\w+|suffer\w*|bad|poor|slashed))\b"
)


def directions(said: str) -> list[tuple[int, int, float]]:
    """Where something good or bad rises or falls, and what that says."""
    found = []
    for match in (_EN if said.isascii() else _ZH).finditer(said):
        rises = (match["up"] is not None) != (match["no"] is not None)
        pleases = rises == (match["good"] is not None)
        found.append((match.start(), match.end(), SAYS if pleases else -SAYS))
    return found
