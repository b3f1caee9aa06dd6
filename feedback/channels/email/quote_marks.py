"""How mail programs mark what they quote: the words, in the languages our customers use.

Everything works on single lines (or up to four joined ones) of bounded length.
"""

import re

MAX_LINE = 1_000
TAIL = 40  # characters in which "wrote:" must stand

OWN_MARKER = re.compile(r"请在此行上方回复|請在此行上方回覆|reply above this line", re.IGNORECASE)
QUOTED = re.compile(r"\s{0,8}[>＞]")
RULE_ONLY = re.compile(r"[\s\-—–_=*#~+.·ᐧ>]{0,200}")
# NetEase Mail Master draws the card of the writer as a table of bars.
CARD_TOP = re.compile(r"\s{0,5}\|[\s|]{0,40}")
# What stands below a dashed line in a signature are names and numbers, not sentences.
SENTENCE = re.compile(r"[，。？！；]")
CARD_END = re.compile(r"[\s|]{1,40}")

ORIGINAL = re.compile(
    r"[\s>*]{0,10}[-—_=]{2,60}(?:\s|&nbsp;|\*){0,10}"
    r"(?:(?:原始|原|回复|回覆|答复|引用)的?原?(?:邮件|郵件|信件|信息|訊息|讯息|消息)(?:原文|信息)?"
    r"|邮件原(?:件|文)|郵件原(?:件|文)|原文"
    r"|original(?: message| mail)?|repl(?:y|ied) message"
    r"|ursprüngliche nachricht|message d['’]origine"
    r"|message original"
    r"|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht"
    r"|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|исходное сообщение"
    r"|alkuperäinen viesti|wiadomość oryginalna|元のメッセージ|원본 메시지)"
    r"(?:\s|&nbsp;|\*){0,10}[-—_=]{2,60}[\s*]{0,10}",
    re.IGNORECASE,
)
# All of From, Sent and To in one line: what is left when HTML was made to text carelessly.
IN_ONE_LINE = re.compile(
    r"[\s*]{0,10}(?:发件人|發件人|寄件者|寄件人|from)\s{0,3}[:：].{1,200}?"
    r"(?:发送时间|发送日期|已发送|日期|發送時間|寄件日期|sent|date)\s{0,3}[:：].{1,120}?"
    r"(?:收件人|收件者|to)\s{0,3}[:：]",
    re.IGNORECASE,
)
FORWARD = re.compile(
    r"\s{0,8}(?:[-—_=]{2,60}\s{0,5})?"
    r"(?:forwarded message|begin forwarded message|forwarded by .{1,80}"
    r"|(?:开始|開始|(?:以下|下面)是被?|已|被)?(?:转发|轉發|轉寄|转寄)的?(?:邮件|郵件|信件|訊息|讯息|消息|信息)(?:信息)?"
    r"|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado|mensagem encaminhada|пересылаемое сообщение)"
    r"\s{0,5}(?:[:：]|[-—_=]{2,60})?\s{0,8}",
    re.IGNORECASE,
)

SENDER_LINE = (
    "from von de van da från fra od od(?:esílatel)? от від lähettäjä kimden από"
    " feladó dela expeditor odosielateľ pošiljatelj από від dari מאת من từ จาก"
    " 发件人 發件人 寄件者 寄件人 差出人 送信者 보낸사람 发信人 从 從 自"
)
OTHER_LINE = (
    "sent date to cc bcc subject reply-to importance attachments gesendet datum an betreff kopie"
    " envoyéle envoyé dateenvoi à a objet copieà sujet cc enviado para asunto fecha assunto data"
    " inviato oggetto verzonden aan onderwerp skickat till ämne sendt til emne dato wysłano do"
    " temat дата кому тема отправлено messagedu lähetetty vastaanottaja aihe"
    " gönderildi gönderme kime konu tarih odesláno komu předmět kopie küldve címzett tárgy"
    " másolat trimis către subiect odoslané predmet poslano za zadeva στάλθηκε προς θέμα надіслано"
    " dikirim kepada perihal đãgửi đến chủđề ส่ง ถึง เรื่อง נשלח אל נושא تمالإرسال إلى الموضوع"
    " 发送时间 发送日期 发件时间 收件人 主题 抄送 密送 日期 已发送 时间 發送時間 寄件日期"
    " 收件者 主旨 主題 副本 日時 送信日時 送信日 宛先 件名 附件 至 已傳送 傳送日期 傳送時間"
    " 密件副本 标题 보낸날짜 받는사람 제목 날짜 참조"
)
FIELD_NAME = re.compile(r"[\s>*]{0,12}([^\W\d_][^:：<>@]{0,24}?)\s{0,3}\*?\s{0,3}[:：]")
SENDER_NAMES = re.compile(f"(?:{SENDER_LINE.replace(' ', '|')})", re.IGNORECASE)
OTHER_NAMES = re.compile(f"(?:{OTHER_LINE.replace(' ', '|')})", re.IGNORECASE)

# On Monday … X wrote: | 在 2024年… 写道： | X <a@b.c> schrieb am …:
VERBS = (
    "wrote", "writes", "schrieb", "geschreven", "schreef", "a écrit", "escribió", "escreveu",
    "ha scritto", "skrev", "kirjoitti", "napisał", "napisał(a)", "napsal", "napsal(a)", "написал",
    "написала", "писал", "писала", "пишет", "пише", "написав", "yazdı", "写道", "寫道", "写到",
    "撰写", "撰寫",
    "書きました", "のメール", "작성", "đã viết",
)  # fmt: skip
DASHED = re.compile(r"\s{0,5}-{2,10}\s{1,5}(\S.{1,990}?)\s{1,5}-{2,10}\s{0,5}")
WROTE_ON = re.compile(r"\swrote (?:on|at) ", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w.-]{3,190}")
TIME = re.compile(r"\d{1,2}[:.点時时]\s?\d{2}")
YEAR = re.compile(r"(?:19|20)\d\d")
DATED_START = re.compile(
    r"[\s>*\"]{0,12}(?:(?:on|at|am|le|el|em|il|op|den|dnia|w dniu|vào|pada|tarihinde)\s.{0,40}\d"
    r"|在.{0,30}\d|[于於]\s?\d|\d{1,4}\s?[./\-:年]|\d{1,2}\s\w{3,12}\.?\s\d{2,4}"
    r"|\w{2,12}\.?,?\s{1,2}\d{1,2}[\s.,])",
    re.IGNORECASE,
)

MOBILE_SIGNATURE = re.compile(
    r"[\s(<（\[【]{0,4}(?:"
    r"(?:发自|發自|发送自|傳送自|寄自|傳自)[^，。！？,!?]{1,40}"
    r"|(?:来自|來自)\s{0,2}(?:我的\s{0,2})?(?:网易邮箱|網易|QQ\s?邮箱|企业微信|企业邮箱"
    r"|foxmail|outlook|iphone|ipad|android|安卓|华为|小米|荣耀|oppo|vivo|三星|钉钉|飞书|阿里邮箱|新浪邮箱|139)[^，。！？,!?]{0,20}"
    r"|(?:从|從)\s{0,2}(?:我的|windows|iphone|ipad|android|安卓|mac|手机|outlook)[^，。！？,!?]{0,30}"
    r"(?:发送|傳送|发出|寄出|获取|取得)(?:\s?<.{1,80}>?)?"
    r"|(?:获取|取得|下载|下載)\s{0,2}(?:适用于 \w{1,10} 的 )?outlook.{0,60}"
    r"|(?:[此本]邮件)?(?:通过|透過|使用|由|用).{0,20}"
    r"(?:邮箱|客户端|手机|手機|iphone|ipad|outlook|foxmail|windows|mac).{0,12}(?:发送|傳送|寄出|发出)"
    r"|.{1,30}から送信|.{1,40}에서 보(?:냄|냈습니다)"
    r"|(?:sent|posted|written) (?:from|via|with|using|by|on) .{1,110}"
    r"|get \[?outlook for .{1,110}"
    r"|(?:someone )?from (?:my |mobile|the ).{0,40}"
    r"|(?:envoyé|envoye) (?:de|depuis|à partir) .{1,60}"
    r"|(?:von meinem .{1,40} gesendet|gesendet (?:mit|von|über) .{1,60}"
    r"|diese nachricht wurde von .{1,80} gesendet)"
    r"|enviad[oa] (?:desde|do|pelo|via|de) .{1,60}|inviato da .{1,60}"
    r"|(?:verzonden|verstuurd) (?:vanaf|met|via) .{1,60}"
    r"|(?:odesláno|odoslané) z[eo]? .{1,60}|trimis de pe .{1,60}|στάλθηκε από .{1,60}"
    r"|надіслано з .{1,60}|נשלח מ.{1,60}|أُ?رسلت من .{1,60}|đã gửi từ .{1,60}|dikirim dari .{1,60}"
    r"|(?:el)?küldve .{0,20}(?:iphone|ipad|android|samsung|outlook).{0,30}"
    r"|lähetetty .{0,20}(?:iphone|ipad|android|samsung|outlook|puhelime).{0,30}"
    r"|.{1,30}(?:['’]?[uüıi]mdan|dan|den) gönderildi"
    r"|(?:sendt|skickat|lähetetty|wysłane|отправлено) (?:fra|från|z|с|из) ?.{1,60}"
    r")[\s)>）\]】.。]{0,4}",
    re.IGNORECASE,
)
SIGNATURE_RULE = re.compile(r"\s{0,3}(?:--|—-|——|－－)\s{0,3}")
DISCLAIMER = re.compile(
    r"\W{0,6}(?:本邮件|此邮件|本電子郵件|本电子邮件|该邮件|保密(?:声明|提示)|免责声明|disclaimer"
    r"|confidentiality (?:notice|note)|this (?:e-?mail|message|communication)|the information"
    r" contained in this|caution: this e-?mail)",
    re.IGNORECASE,
)
DISCLAIMS = re.compile(
    r"保密|机密|機密|仅限|仅供|收件人|未经授权|confidential|privileged|intended|unauthori[sz]ed",
    re.IGNORECASE,
)


def field_kind(line: str) -> str:
    """Return `sender`, `other` or empty for a line like `From: …` or `主　题：…`."""
    found = FIELD_NAME.match(line[:MAX_LINE])
    if found is None:
        return ""
    name = re.sub(r"[\s\u3000*]+", "", found[1])
    if SENDER_NAMES.fullmatch(name):
        return "sender"
    return "other" if OTHER_NAMES.fullmatch(name) else ""


def ends_with_verb(line: str) -> bool:
    """Whether a line says "… wrote:", with nothing that shows who or when."""
    ending = line[-TAIL:].rstrip()
    return ending.endswith((":", "：")) and ending.rstrip(":： \xa0").lower().endswith(VERBS)


def is_attribution(joined: str) -> bool:
    """Whether one to four joined lines announce a quotation."""
    if found := DASHED.fullmatch(joined):  # Zoho: "---- On … wrote ---"
        joined = found[1]
    ending = joined[-TAIL:].rstrip(" \xa0*")
    has_verb = ending.rstrip(":： \xa0").lower().endswith(VERBS)
    if not has_verb and not ending.endswith((":", "：")):
        return False
    has_verb = has_verb or bool(WROTE_ON.search(joined))
    has_email, has_time = bool(EMAIL.search(joined)), bool(TIME.search(joined))
    is_dated = bool(DATED_START.match(joined)) and bool(YEAR.search(joined))
    if has_verb:
        return has_email or has_time or is_dated
    return has_email and (has_time or is_dated)
