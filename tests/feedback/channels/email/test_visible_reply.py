import pytest

from feedback.channels.email.html_text import html_to_text
from feedback.channels.email.visible_reply import visible_reply

ANSWER = "还是收不到验证码。\n换了手机也一样。"
OLD = "您好，我们已经重置了您的账号。\n客服小林"
QUOTED_OLD = "\n".join("> " + line for line in OLD.splitlines())

FOLLOWED_BY_OLD_TEXT = {
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "客服"<help@shop.example>;\n'
    '发送时间: 2026年11月19日(星期四) 上午9:20\n收件人: "小王"<wang@example.cn>;\n主题: 账号\n\n',
    "QQ in English": '------------------ Original ------------------\nFrom: "Help"'
    '<help@shop.example>;\nDate: Thu, Nov 19, 2026 09:20 AM\nTo: "w"<w@b.cn>;\nSubject: x\n\n',
    "163": '在 2026-11-19 09:20:30，"客服" <help@shop.example> 写道：\n',
    "163 app": "---- 回复的原邮件 ----\n发件人 客服\n",
    "Foxmail": "发件人： 客服\n发送时间： 2026-11-19 09:20\n收件人： wang\n主题： 账号\n",
    "Outlook": "________________________________\n发件人: 客服 <help@shop.example>\n已发送: 星期四"
    ", 十一月 19, 2026 9:20\n收件人: 小王 <w@b.cn>\n抄送: 小李 <l@b.cn>\n主题: 账号\n\n",
    "Aliyun": "-"
    * 66
    + "\n发件人：客服 <help@shop.example>\n发送时间：2026年11月19日(星期四) 9:20\n"
    "收件人：小王 <w@b.cn>\n主　题：账号\n\n",
    "Outlook in English": "From: Help <help@shop.example>\nSent: Thursday, 19 November 2026 9:20"
    "\nTo: Wang\nSubject: account\n\n",
    "Outlook in German": "-----Ursprüngliche Nachricht-----\nVon: Hilfe <h@shop.example>\n"
    "Gesendet: 19. November 2026\nAn: Wang\nBetreff: Konto\n\n",
    "plain rule": "-----Original Message-----\n",
    "QQ, spaces as entities": "------------------&nbsp;原始邮件&nbsp;------------------\n",
    "163 app in English": "---- Replied Message ----\n| From | Help<help@shop.example> |\n",
    "163 app with a card": "| |\n王芳\n|\n|\nwang@163.example\n|\n\n---- 回复的原邮件 ----\n",
    "139": "----邮件原文----\n发件人：客服\n",
    "Samsung in Taiwan": "-------- 原始訊息 --------\n自： 客服\n",
    "Outlook, all in one line": "发件人: 客服 <help@shop.example> 发送时间: 2026年11月19日 9:20 "
    "收件人: 小王 <w@b.cn> 主题: 账号\n",
    "Outlook in Hong Kong": "從: 客服 <h@b.cn>\n日期: 2026/11/19\n至: w@b.cn\n主題: x\n",
    "Outlook in Turkish": "Kimden: 客服\nGönderildi: 19 Kasım\nKime: w\nKonu: x\n",
    "Outlook in Hungarian": "Feladó: 客服\nKüldve: 2026. 11. 19.\nCímzett: w\nTárgy: x\n",
    "Outlook in Korean": "보낸 사람: 客服\n보낸 날짜: 2026/11/19\n받는 사람: w\n제목: x\n",
    "Zoho": "---- 在 2026-11-19 09:20:30 客服<help@shop.example> 撰写 ----\n",
}
FOLLOWED_BY_QUOTED_TEXT = {
    "Gmail": "客服 <help@shop.example> 于2026年11月19日周四 09:20写道：\n\n",
    "Gmail in Taiwan": "客服 <help@shop.example> 於 2026年11月19日 週四 上午9:20寫道：\n\n",
    "Apple": "> 在 2026年11月19日，上午9:20，客服 <help@shop.example> 写道：\n> \n",
    "Thunderbird": "在 2026/11/19 9:20, 客服 写道:\n",
    "Gmail in English": "On Thu, Nov 19, 2026 at 9:20 AM Help <\nhelp@shop.example> wrote:\n\n",
    "Gmail in French": "Le jeu. 19 nov. 2026 à 09:20, Aide <aide@shop.example>\na écrit :\n\n",
    "Gmail in German": "Am Do., 19. Nov. 2026 um 09:20 Uhr schrieb Hilfe <\nh@shop.example>:\n\n",
    "Apple in Japanese": "2026/11/19 9:20、客服 <help@shop.example>のメール:\n\n",
    "English, date behind": "客服 wrote on 2026/11/19 9:20:\n",
    "name only": "客服写道：\n",
    "no announcement": "",
}


@pytest.mark.parametrize("program", FOLLOWED_BY_OLD_TEXT)
@pytest.mark.parametrize("signature", ["", "\n\n发自我的iPhone", "\n\n--\n王芳\n采购部"])
def test_the_old_mail_below_a_header_is_left_out(program, signature):
    text = f"{ANSWER}{signature}\n\n{FOLLOWED_BY_OLD_TEXT[program]}{OLD}\n"

    assert visible_reply(text) == ANSWER


@pytest.mark.parametrize("program", FOLLOWED_BY_QUOTED_TEXT)
@pytest.mark.parametrize("signature", ["", "\n\n来自网易邮箱大师"])
def test_a_quoted_old_mail_is_left_out(program, signature):
    text = f"{ANSWER}{signature}\n\n{FOLLOWED_BY_QUOTED_TEXT[program]}{QUOTED_OLD}\n"

    assert visible_reply(text) == ANSWER


@pytest.mark.parametrize("prefix", ["", "> "])
def test_our_own_line_comes_before_all_other_signs(prefix):
    marker = "##- 请在此行上方回复 / Reply above this line -##"
    text = (
        f"{ANSWER}\n\n客服 <help@shop.example> 于2026年11月19日周四 09:20写道：\n\n"
        f"{prefix}{marker}\n{prefix}您好"
    )

    assert visible_reply(text) == ANSWER


def test_an_answer_below_the_quotation_is_found():
    text = f'在 2026-11-19 09:20:30，"客服" <help@shop.example> 写道：\n{QUOTED_OLD}\n\n{ANSWER}\n'

    assert visible_reply(text) == ANSWER


def test_answers_between_quotations_stay_with_their_questions():
    text = (
        "On 2026-11-19 09:20, Help <help@shop.example> wrote:\n> 型号？\nA7\n\n> 颜色？\n红色\n\n"
        "> 谢谢\n"
    )

    visible = visible_reply(text)

    assert "A7" in visible
    assert "> 颜色？\n红色" in visible
    assert "谢谢" not in visible


def test_a_quotation_that_is_part_of_the_message_stays():
    text = "日志如下：\n> 09:20 ERROR timeout\n> 09:21 ERROR retry\n请分析。"

    assert visible_reply(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "客户说：发件人: 这个字段显示不全，主题: 也被截断了。",
        "去年他在信里写道：\n产品很好。",
        "On the other hand, it works:\nfine",
        "发自内心地感谢你们，客服很耐心",
        "从手机登录不了",
        "来自手机端的订单没有收到",
        "发件人: 应该写全名\n这是建议",
        "日志：\n> ERROR timeout\n> ERROR retry",
        "客服写道：\n> 三天内退款\n结果没有退",
        "问题：\n登录失败\n--\n请尽快处理，谢谢。",
        "通过手机客户端无法发送图片",
        "请看\n\n开始转发的邮件：\n\n> 发件人: a <a@b.cn>\n> 主题: x\n> 内容",
    ],
)
def test_sentences_that_only_look_like_a_quotation_are_kept(text):
    assert visible_reply(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "-----Original Message-----\nhello",
        "发自我的iPhone",
        "--\n王芳",
        "请在此行上方回复 / Reply above this line",
    ],
)
def test_a_mail_with_nothing_new_is_shown_whole(text):
    assert visible_reply(text) == text


def test_an_announced_quotation_without_an_answer_leaves_nothing():
    text = f'在 2026-11-19 09:20:30，"客服" <help@shop.example> 写道：\n{QUOTED_OLD}'

    assert visible_reply(text) == ""


@pytest.mark.parametrize(
    "line",
    [
        "从 Outlook for Android 获取<https://aka.ms/x>",
        "[来自钉钉邮箱]",
        "用小米手机发送",
        "寄自我的 iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
        "iPhone'umdan gönderildi",
        "Lähetetty iPhonesta",
        "Odesláno z iPhonu",
    ],
)
def test_the_line_of_a_phone_is_left_out(line):
    assert visible_reply(f"{ANSWER}\n\n{line}") == ANSWER


def test_a_forwarded_mail_is_shown_whole():
    text = (
        "请看下面的投诉\n\n---------- Forwarded message ---------\nFrom: a@b.cn\n"
        "Date: Thu, 19 Nov 2026\nTo: c@d.cn\nSubject: x\n\n坏了"
    )

    assert visible_reply(text) == text


def test_the_disclaimer_of_a_company_is_left_out():
    text = f"{ANSWER}\n\n本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人。"

    assert visible_reply(text) == ANSWER


@pytest.mark.parametrize(
    "quote",
    [
        '<div id="divRplyFwdMsg" dir="ltr">Vrom: Help</div><div>old words</div>',
        '<div id="x_appendonsend"></div><div>old words</div>',
        '<div class="yahoo_quoted"><div>old words</div></div>',
        '<div class="ntes-mailmaster-quote">old words</div>',
        '<blockquote type="cite">old words</blockquote>',
        "<div>On 19 Nov 2026 Help &lt;h@b.cn&gt; wrote:<blockquote>old words</blockquote></div>",
    ],
)
def test_the_boxes_of_mail_programs_show_where_the_old_mail_begins(quote):
    html = f"<div>new words</div>{quote}"

    assert visible_reply(html_to_text(html), html) == "new words"


def test_an_answer_behind_a_quoted_box_is_not_lost():
    html = (
        '<div class="moz-cite-prefix">Help wrote</div><blockquote type="cite">old words'
        "</blockquote><p>new words</p>"
    )

    assert visible_reply(html_to_text(html), html) == "new words"


@pytest.mark.parametrize(
    ("box", "left"),
    [
        ('<div class="gmail_signature" dir="ltr">王芳<br>采购部</div>', "new words"),
        ('<div class="moz-signature">-- <br>王芳<br>采购部</div>', "new words"),
        ('<div id="x_Signature"><div>王芳</div><table><tr><td>采购部</table></div>', "new words"),
        ('<div xmail-signature=""><p>王芳</p>采购部</div>', "new words"),
        (
            '<div class="gmail_signature">王芳<br>什么时候到？</div>',
            "new words\n王芳\n什么时候到？",
        ),
        ('<div class="signature-request">王芳</div>', "new words\n王芳"),
    ],
)
def test_a_signature_in_a_box_of_its_own_is_left_out(box, left):
    quote = '<div id="appendonsend"></div>old words'
    html = f"<div>new words</div>{box}"

    assert visible_reply(html_to_text(html), html) == left
    assert visible_reply(html_to_text(html + quote), html + quote) == left
    assert visible_reply(html_to_text(box), box) == html_to_text(box)
