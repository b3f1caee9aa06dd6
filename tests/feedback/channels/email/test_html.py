import pytest

from feedback.channels.email.html_text import QUOTE_MARK, html_to_text
from feedback.channels.email.safe_html import safe_html, text_as_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<ul><li>a<li>b</ul>after", "- a\n- b\n\nafter"),
        ("<table><tr><td>订单</td><td>7</td></tr><tr><td>款式</td></tr></table>", "订单 7\n款式"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a  <b> b </b>\n c", "a b c"),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>x", "> q\n>\n>> r\n>\nx"),
        ("&lt;tag&gt; &amp;&nbsp;x", "<tag> & x"),
        ('<img alt="logo" src=x>', "logo"),
        ("<script>bad()</script><style>x{}</style><title>t</title>ok<!-- no -->", "ok"),
        ("<html><body>a</body></html><html><body>b</body></html>", "a\nb"),
        ("1 < 2 <b>und</b> 3 > 2 </ x>", "1 < 2 und 3 > 2"),
        ("<p>a<p>b<li>c<li>d", "a\n\nb\n- c\n- d"),
        ("<title>open<p>kept", "open\n\nkept"),
        ("<div><div>x</div></div>", "x"),
        ("", ""),
    ],
)
def test_html_becomes_readable_text(html, text):
    assert html_to_text(html) == text


def test_quote_boxes_are_marked_only_on_request():
    html = "new<div id=x_divRplyFwdMsg>old</div>"

    assert html_to_text(html, mark_quotes=True) == f"new\n{QUOTE_MARK}\nold"
    assert html_to_text(html) == "new\nold"


# -- safe_html -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='\x01javascript:alert(1)'>x</a>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<a href='\u2028javascript:alert(1)'>x</a>",
        "<a href='&#160;javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//evil.example'>x</a>",
        "<a href='/logout'>x</a>",
        "<form action=x><input name=q><button>go</button></form>",
        "<iframe srcdoc='<script>1</script>'></iframe>",
        "<svg onload=alert(1)><a xlink:href='javascript:1'></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<base href='https://evil.example'><link rel=stylesheet href=x><meta http-equiv=refresh>",
        "<p style='position:fixed' class='modal' id='body' name='cookie'>x</p>",
        "<img src='cid:unknown'><img src='//evil.example/p.gif'>",
        "<table background='https://evil.example/p.gif'><td background=x>",
    ],
)
def test_nothing_dangerous_survives(html):
    cleaned = safe_html(html).lower()

    for forbidden in (
        "javascript", "<script", "on" + "error", "onload", "<form", "<input", "<iframe", "srcdoc",
        "<svg", "<math", "<base", "<link", "<meta", "style", "class=", "id=", "name=", "src=",
        "href=", "background", "data:",
    ):  # fmt: skip
        assert forbidden not in cleaned


def test_a_link_opens_apart_and_tells_nothing():
    link = safe_html('<a href="https://example.cn/a?b=1&amp;c=2" target="_top">x</a>')

    assert 'href="https://example.cn/a?b=1&amp;c=2"' in link
    assert 'target="_blank"' in link
    assert 'rel="noopener noreferrer nofollow"' in link


@pytest.mark.parametrize("href", ["mailto:a@b.cn", "tel:+8610123", "HTTP://x.cn"])
def test_people_may_be_written_to_and_called(href):
    assert f'href="{href}"' in safe_html(f'<a href="{href}">x</a>')


def test_an_inline_image_comes_from_us():
    html = '<img src="cid:Logo@x" alt="logo" width="20" height="1e9">'

    cleaned = safe_html(html, cid_urls={"logo@x": "/feedback/files/7"})

    assert 'src="/feedback/files/7"' in cleaned
    assert 'width="20"' in cleaned
    assert "1e9" not in cleaned


def test_a_foreign_image_waits_for_the_reader():
    html = '<p>a<img src="https://tracker.example/p.gif" alt="a &lt;b&gt; sale">b</p>'

    assert safe_html(html) == "<p>a<span>[a &lt;b&gt; sale]</span>b</p>"
    assert 'src="https://tracker.example/p.gif"' in safe_html(html, remote_images=True)


@pytest.mark.parametrize("looks", ["width=1 height=1", "style='x:y; display: none'", "hidden"])
def test_a_picture_that_nobody_is_to_see_never_comes(looks):
    html = f'<img src="https://tracker.example/p.gif" {looks}><img src="https://x.cn/a" width=20>'

    assert safe_html(html, remote_images=True) == '<img src="https://x.cn/a" width="20">'


@pytest.mark.parametrize(
    ("href", "words", "told"),
    [
        ("https://evil.example/x", "https://bank.example/login", " [evil.example]"),
        ("https://evil.example", "www.<b>bank</b>.example", " [evil.example]"),
        ("https://b\u0430nk.example", "bank.example", " [xn--bnk-6cd.example]"),
        ("https://evil.example\\@bank.example", "bank.example", " [evil.example]"),
        ("https://www.bank.example/a", "bank.example", ""),
        ("https://evil.example", "your order", ""),
    ],
)
def test_a_link_that_shows_another_place_tells_its_own(href, words, told):
    assert safe_html(f'<a href="{href}">{words}</a>').partition("</a>")[2] == told


def test_formatting_that_people_use_survives():
    html = "<h2>标题</h2><p>一<b>二</b><br><i>三</i></p><table><tbody><tr><td>四</td></tr></tbody>"

    cleaned = safe_html(html)

    assert cleaned == html + "</table>"


def test_cleaning_twice_changes_nothing():
    once = safe_html("<p>a<a href='https://x.cn'>b</a><img alt='<i>' src='https://x.cn/i'></p>")

    assert safe_html(once) == once


def test_plain_text_is_escaped():
    assert text_as_html("<b>\nx & y") == "&lt;b&gt;<br>x &amp; y"
