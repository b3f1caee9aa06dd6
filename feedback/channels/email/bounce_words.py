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
    r"|退信|退件|投递失败|投递延迟|無法傳遞|无法投递|未送达|无法送达|投遞|退回|发送失败",
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
    r"|nicht zugestellt|无法投递|投递失败|退回|被拒|用户不存在|拒收|邮箱已满|不存在|已满|延迟"
    r"|届け|存在しま|できません",
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
REPLY = re.compile(r"(?<![\d.:/-])([45])[0-5]\d(?=[ -][^\d\s]|[ -]\d\.\d\.\d|: |,)")
DELAYED = re.compile(
    r"delay|warning|will (?:be retried|retry|continue|keep trying)|temporar|deferred"
    r"|not (?:yet )?been delivered after|still (?:being )?tr(?:y|ied)|延迟|稍后"
    r"|you do not need to (?:do|resend|take)",
    re.IGNORECASE,
)
GAVE_UP = re.compile(r"giv(?:e|ing) up|permanent|no longer|fatal|expired|too long|failed", re.I)
# What a sentence means as a status of RFC 3463. First match wins.
MEANINGS = tuple(
    (re.compile(words, re.IGNORECASE), status)
    for words, status in (
        (
            r"quota|(?:mailbox|inbox|邮箱).{0,12}(?:full|已满|空间)|空间不足|over the size",
            "5.2.2",
        ),
        (
            (
                r"(?:user|recipient|mailbox|account|address|用户|收件人).{0,40}"
                r"(?:unknown|no(?:t| longer)|does(?:n't| not) exist|不存在"
                r"|invalid|unavailable|disabled|inactive)"
                r"|unknown (?:user|recipient|local|address)|invalid recipient"
                r"|no such (?:user|person|mailbox|recipient|address)"
            ),
            "5.1.1",
        ),
        (
            r"(?:host|domain).{0,30}(?:unknown|not found|not exist)|unrouteable|no route|unresolv",
            "5.1.2",
        ),
        (
            r"spam|blocked|blacklist|black list|policy|rejected|denied|拒绝|垃圾|virus|content",
            "5.7.1",
        ),
        (r"too (?:large|big|long)|size limit|exceeds|过大", "5.3.4"),
        (r"timed? ?out|connection (?:refused|reset|lost|timed)|too many hops|loop", "4.4.1"),
    )
)
