"""The words of mail systems: who writes bounces, how they say "failed", where the address stands.

Patterns run over at most 30 000 characters, and none of them can backtrack far.
"""

import re

DAEMON = re.compile(
    r"(?:mailer[-_ ]?daemon|post_?master|mail-?daemon|mdaemon|mail[ .]?delivery|mmdf|smtp-?daemon"
    r"|double-bounce|bounces?[-+@]|mail[ -]?system|microsoftexchange)",
    re.IGNORECASE,
)
# Addresses that also write other things: both subject and text must speak of failure.
OFFICE = re.compile(
    r"(?:root|(?:mail|sys)?-?admin(?:istrator)?|notifier|nobody|uucp|system|no-?reply|mail)@",
    re.IGNORECASE,
)
BOUNCE_BOX = re.compile(r"\A(?:[^@]{1,60}-)?bounces?[-+=@]", re.IGNORECASE)
# What fml writes when it does not pass a mail on.
LIST_REFUSAL = re.compile(r"not (?:a )?member|loop alert|rejected|refused|not allowed", re.I)
FAILURE_SUBJECT = re.compile(
    r"undeliver|non[- ]?deliver|returning mail|failure notice|failed mail|fail(?:ure|ed):"
    r"|delivery (?:status|fail|report|problem|error|notification|delay)"
    r"|(?:mail|message)\W{0,3}(?:\w{1,12} ){0,3}(?:delivery|not delivered|failed|failure|could not"
    r"|returned|system error|returning|delayed|status)"
    r"|returned (?:mail|to sender|e-?mail)|notification(?: d['’]état| of| the delivery)"
    r"|unable to deliver|unzustellbar|unknown user|user unknown|could not (?:be delivered|send)"
    r"|can(?:not|'?t) be delivered|warning: (?:could|mess)|warning - delayed"
    r"|permanent (?:delivery|fatal)|mailbox (?:full|is full|unavailable|not)"
    r"|address (?:error|unknown)|rejected (?:mail|message)|bounce notification|mail bounced"
    r"|error sending|non remis|remise|non distribu|エラー|配信|送信できません"
    r"|退信|退件|投递失败|投递延迟|無法傳遞|无法投递|未送达|无法送达|投遞|退回|发送失败"
    r"|未能送达|无法(?:传递|传送|发送)|[传发]送失败|发信失败|[傳寄遞發]送失敗|無法(?:投遞|送達|傳送)"
    r"|배달 ?실패|전송 ?실패"
    r"|no se (?:pudo|ha podido) entregar|no entregado|não (?:foi )?entregue|falha na entrega"
    r"|mancato recapito|mancata consegna|не ?доставлен|не удалось доставить"
    r"|niet (?:bezorgd|afgeleverd)|onbestelbaar|nie dostarczon|niedostarczon|nedoručen"
    r"|kunde inte levereras|(?:ikke|ikkje) leveres",
    re.IGNORECASE,
)
FAILURE_PROSE = re.compile(
    r"(?:could|can)(?: not|not|n't) be (?:delivered|sent|processed)"
    r"|(?:did not|didn't) (?:reach|arrive)"
    r"|was not (?:delivered|delivering|sent)|undeliver(?:able|ed)|unable to deliver"
    r"|delivery (?:has )?fail|fail(?:ed|ure) (?:to|in) deliver|error delivering"
    r"|permanent(?:ly)? (?:error|fail|fatal)|user unknown|unknown user|over ?quota|quota exceeded"
    r"|no such (?:user|mailbox|recipient|address)|mailbox (?:is )?(?:full|unavailable|not found)"
    r"|not been (?:delivered|able to)|address(?:es)? (?:had|failed|below)|does not exist"
    r"|recipient(?:s|'s)? (?:address )?(?:rejected|unknown|not found|does not|mailbox)"
    r"|not delivered to the following|delivery problems|invalid final delivery"
    r"|transcript of session|returned (?:to sender|message|mail|below|without)|bounced"
    r"|rejected your"
    r"|(?:^|\W)5\.\d\.\d\d?(?:\W|$)|(?:^|\W)55[0-4][ -]|non (?:ha|è|est|recap|remis)"
    r"|nicht zugestellt"
    r"|(?:无法|未能|没有)(?:被)?(?:投递|送达|发送|传递)|無法(?:投遞|送達|傳遞)"
    r"|投递失败|退回|被拒|用户不存在|拒收|邮箱已满|不存在|已满|延迟"
    r"|届け|存在しま|できません"
    r"|no se (?:pudo|ha podido) entregar|não (?:pôde ser|foi) entregue|не ?доставлено"
    r"|не удалось доставить|niet (?:bezorgd|afgeleverd)|nie dostarczon|nedoručen"
    r"|kunde inte levereras|보내지 못했|전송하지 못했",
    re.IGNORECASE | re.MULTILINE,
)
# From here on a bounce repeats our own mail.
COPY_BEGINS = re.compile(
    r"(?im)^[ \t>\-=*#|]{0,60}(?:below (?:this line )?is a copy|this is a copy of (?:the|your)"
    r"|original message(?: follows| headers| text)?|unsent message|returned message"
    r"|message header|the header of (?:the|your)|copy of (?:your|the) message|forwarded message"
    r"|message (?:text )?follows|start of returned|undelivered message follows"
    r"|received: (?:from|by))\b"
)

ADDRESS = r"[\w.!#$%&'*+/=?^{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
# Places where servers write the address that failed: all of the first group count together.
FAILED_HERE = tuple(
    re.compile(pattern + f"({ADDRESS})" + after, re.IGNORECASE | re.MULTILINE)
    for pattern, after in (
        (r"^[ \t>*-]{0,20}(?:final|original)-recipient:[ \t]*(?:rfc822;)?[ \t]*<?", ""),
        (r"^[ \t>*-]{0,20}[<(\"'\[]", r"[>)\"'\]]"),
        (r"following (?:recipient|address|user)(?:\(s\)|e?s)?[^\n]{0,60}:?\s{1,10}<?", ""),
        (r"deliver(?:y|ed|ing)?(?: your| of your)? (?:message|mail|failed)? ?to:?\s{1,10}<?", ""),
        (r"\bSMTP=", ""),
        (r"(?:55\d|5\.\d\.\d)[^\n@]{0,80}?[<(\"' ]", ""),
    )
)
FAILED_ELSEWHERE = tuple(
    re.compile(pattern + f"({ADDRESS})" + after, re.IGNORECASE | re.MULTILINE)
    for pattern, after in (
        (
            r"(?:to|for|recipient|address|user|mailbox|收件人)[ \t]*(?:is|was)?[:=]?[ \t]{0,8}<",
            ">",
        ),
        (
            (
                r"^[ \t>*-]{0,20}(?:[a-z-]{1,12} )?(?:recipients?|to|address|user|收件人)"
                r"[ \t]*[:=]\s{0,8}<?"
            ),
            "",
        ),
        (r"^[ \t>*-]{0,20}", r"(?:[ \t]*$|[ \t:,;(.-])"),
        ("<", ">"),
        (r"\b", ""),
    )
)

STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]\d|\d)")
FAILURE_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]\d|\d)")
REPLY = re.compile(
    r"(?<![\d.:/-])([45])[0-5]\d(?=[ -][^\d\s]|[ -]\d\.\d\.\d|: |,)"
    r"|code ?:? ?(?P<told>[45])[0-5]\d\b",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"delay|warning|will (?:be retried|retry|continue|keep trying)|temporar|deferred"
    r"|not (?:yet )?been delivered after|still (?:being )?tr(?:y|ied)|延迟|稍后"
    r"|you do not need to (?:do|resend|take)",
    re.IGNORECASE,
)
# "You will be told if the delivery fails permanently": not yet.
IF_IT_FAILS = re.compile(r"\bif [^.\n]{0,40}?fail(?:s|ed)?(?: permanently)?", re.IGNORECASE)
GAVE_UP = re.compile(r"giv(?:e|ing) up|permanent|no longer|fatal|expired|too long|failed", re.I)
# What a sentence means as a status of RFC 3463. First match wins.
MEANINGS = tuple(
    (re.compile(words, re.IGNORECASE), status)
    for words, status in (
        (
            (
                r"quota|(?:mail ?box|inbox|account|邮箱|信箱).{0,12}"
                r"(?:is |was )?(?:full|已满|空间|容量|額滿|已滿)"
                r"|(?:空间|容量|空間)(?:不足|已满|超)|over the size|insufficient (?:disk|storage)"
                r"|not enough (?:disk )?space|storage limit|mailbox size limit|超出.{0,6}容量"
            ),
            "5.2.2",
        ),
        (
            (
                r"(?:retry|delivery|queue|life ?time|envelope).{0,25}(?:expired|timeout exceeded)"
                r"|failing for a long time|in (?:the )?(?:mail )?queue (?:for )?too long"
                r"|(?:投递|重试|发送)(?:已)?(?:超时|过期)|超过.{0,10}未能投递"
            ),
            "4.4.7",
        ),
        (
            (
                r"(?:user|recipient|mail ?box|account|address|用户|收件人|[帐账][户号]|邮箱|使用者"
                r"|地址).{0,40}"
                r"(?:unknown|no(?:t| longer)|does(?:n't| not) exist|invalid|unavailable|disabled"
                r"|inactive|suspended|closed|deactivated|不存在|不正确|有误|错误"
                r"|已?被?(?:停用|禁用|注销|冻结))"
                r"|unknown (?:user|recipient|local|address|account)|invalid (?:recipient|user)"
                r"|(?:no such|non-?exist(?:ent|ing)) (?:user|person|mail ?box|recipient|address)"
                r"|no mailbox here|(?:找不到|没有|[查無无]{1,2})(?:[该此這这]個?个?)?"
                r"(?:用户|收件人|邮箱|[帐账]号|地址|使用者)"
                r"|usu[aá]rio desconocido|usuário desconhecido|utente sconosciuto"
                r"|(?:adresse|destinataire|utilisateur) inconnu"
                r"|(?:empfänger|benutzer|adresse).{0,20}(?:unbekannt|existiert nicht)"
                r"|пользователь.{0,20}не (?:найден|существует)|존재하지 않는|宛先不明"
            ),
            "5.1.1",
        ),
        (
            (
                r"(?:host|domain|域名|主机|网域).{0,30}"
                r"(?:unknown|not found|not exist|不存在|无法解析|找不到)"
                r"|unrouteable|no route|unresolv|no mx\b|name service error"
                r"|dns (?:error|fail|lookup)|域名解析|nxdomain|bad destination host"
            ),
            "5.1.2",
        ),
        (
            (
                r"too (?:large|big)|size limit|exceeds? .{0,30}(?:size|limit|maximum)"
                r"|size exceed|(?:邮件|附件|信件).{0,8}(?:过大|太大|超过|超出)|过大"
            ),
            "5.3.4",
        ),
        (
            (
                r"spam|blocked|block ?list|black ?list|policy|rejected|denied|virus|content"
                r"|not (?:permitted|allowed|authori[sz]ed|a member|member)|relaying"
                r"|prohibited|unsolicited|reputation|dmarc|拒绝|拒收|垃圾|黑名单|病毒|敏感|违规|屏蔽"
            ),
            "5.7.1",
        ),
        (r"too long|exceeds", "5.3.4"),
        (r"too many hops|hop count|loop|循环", "5.4.6"),
        (
            (
                r"timed? ?out|connection (?:refused|reset|lost|timed|dropped|closed)"
                r"|(?:un|not )reachable|network error|连接(?:失败|超时|被拒)|无法连接"
            ),
            "4.4.1",
        ),
        (r"too (?:many|frequent)|rate limit|频率|过于频繁|稍后再试", "4.7.0"),
    )
)
