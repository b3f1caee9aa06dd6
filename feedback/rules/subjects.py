"""What customers and answers speak of, by a few words of each subject: for companies that have no
history yet. Pure."""

import re
from collections.abc import Mapping

from config.kernel.text.normalising import normalise

_WORDS: Mapping[str, str] = {
    "invoice": r"发票|开票|专票|税号|抬头|财务|纸质凭证|\b(?:invoice|receipt|tax|vat|billing)\w*",
    "refund": r"退款|退钱|退回|到账|原路|赔偿|\b(?:refund|money back|reimburs|compensat)\w*",
    "delivery": (
        r"快递|物流|发货|派送|配送|签收|包裹|单号|运费|送货"
        r"|\b(?:deliver|parcel|package|courier|shipp|shipment|tracking)\w*"
    ),
    "leak": r"漏水|渗水|滴水|水管|接头|密封|\b(?:leak|drip|gasket|seal|hose)\w*",
    "fitting": r"安装|师傅|上门|预约|打孔|\b(?:install|technician|fitter|appointment)\w*",
    "noise": r"噪音|噪声|异响|声音大|嗡嗡|\b(?:nois|humm|rattl|loud)\w*",
    "smell": r"异味|味道|臭味|口感|\b(?:smell|odou?r|taste)\w*",
    "network": r"断网|离线|联网|路由|网络|配网|wifi|\b(?:offline|wi-fi|router|network|connect)\w*",
    "account": r"账号|登录|登陆|密码|验证码|注册|\b(?:account|log ?in|sign in|password)\w*",
    "filter": r"滤芯|滤网|\b(?:filter|cartridge)\w*",
    "room": r"房间|酒店|前台|入住|退房|\b(?:room|hotel|check-?(?:in|out)|reception)\w*",
    "flight": r"航班|机票|登机|行李|\b(?:flight|boarding|luggage|baggage|airport)\w*",
    "card": r"银行卡|信用卡|额度|转账|\b(?:credit card|debit|transfer|overdraft|atm)\w*",
    "food": r"外卖|送餐|餐厅|菜品|饭菜|\b(?:meal|food|restaurant|dish)\w*",
    "size": r"尺码|尺寸|偏大|偏小|\b(?:size|sizing|fits?\b)\w*",
}
# An answer to anything may speak of these.
REMEDIES = frozenset({"refund", "delivery", "fitting"})
_COMPILED = {name: re.compile(words, re.IGNORECASE) for name, words in _WORDS.items()}
# Words of every answer and every complaint, which prove nothing about what either is about.
_USUAL = """
您好 你好 感谢 谢谢 我们 你们 可以 已经 这个 那个 没有 什么 怎么 因为 所以 但是 一个 现在 时候
问题 处理 反馈 客服 非常 抱歉
your with that this have were will from dear hello thank thanks sorry please team custom servic
would about they them very when what
"""
COMMON = frozenset(_USUAL.split())


def subjects_in(text: str) -> Mapping[str, int]:
    """{subject: how many different words of it}."""
    plain = normalise(text)
    found = {name: {*words.findall(plain)} for name, words in _COMPILED.items()}
    return {name: len(said) for name, said in found.items() if said}
