"""The outbox page shows a mail as its reader will see it."""

from accounts.rules.mail_reading import showable_html

MAIL = """<!DOCTYPE html><html>
<head><title>How was it?</title><style>p { color: red }</style></head>
<body style="font-family: sans-serif"><p>Hello</p><script>alert(1)</script></body></html>"""


def test_the_look_of_the_whole_mail_stays_and_its_title_is_no_line_of_it():
    shown = showable_html(MAIL)

    assert 'style="font-family: sans-serif"' in shown
    assert "<p>Hello</p>" in shown
    for hidden in ("How was it?", "color: red", "alert"):
        assert hidden not in shown
