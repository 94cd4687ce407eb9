"""Uses the fixtures of the PyPI package pytest-mailpit; the options of pytest name the server."""

import smtplib
from email.message import EmailMessage

import pytest


def send(smtp, to, subject, **more):
    message = EmailMessage()
    message["From"] = "Ann <ann@example.com>"
    message["To"] = str(to)
    message["Subject"] = subject
    message.set_content("Your code is 482913: https://example.com/confirm?token=abc")
    message.add_alternative("<p>Your code is <b>482913</b></p>", subtype="html")
    if "file" in more:
        message.add_attachment(more["file"], maintype="application", subtype="pdf", filename="a.pdf")
    with smtplib.SMTP(smtp.host, smtp.port) as connection:
        connection.send_message(message)


def test_inbox(mailpit_inbox, mailpit_smtp, mailpit):
    send(mailpit_smtp, mailpit_inbox, "Confirm", file=b"%PDF-1.4")
    message = mailpit_inbox.wait_for_message(subject="Confirm")
    assert "482913" in message.text
    assert [each.file_name for each in message.attachments] == ["a.pdf"]
    assert mailpit.get_attachment(message.attachments[0]) == b"%PDF-1.4"
    assert mailpit.get_headers(message.id)["Subject"] == ["Confirm"]
    assert b"Subject: Confirm" in mailpit.get_raw(message.id)
    assert mailpit.check_html(message.id) is not None
    mailpit_inbox.clear()
    mailpit_inbox.assert_no_message(within=0.2)


def test_search_and_tags(mailpit, mailpit_inbox, mailpit_smtp):
    send(mailpit_smtp, mailpit_inbox, "First")
    send(mailpit_smtp, mailpit_inbox, "Second")
    first, second = sorted(mailpit_inbox.wait_for_messages(2), key=lambda each: each.subject)
    mailpit.set_tags([first.id], ["Red"])
    assert [each.id for each in mailpit.search("tag:red").messages] == [first.id]
    mailpit.mark_read([first.id, second.id], read=False)
    assert mailpit.search(f"to:{mailpit_inbox} is:unread").messages_count == 2
    assert len(mailpit.search_all(f"to:{mailpit_inbox}")) == 2


def test_chaos(mailpit_chaos, mailpit_inbox, mailpit_smtp):
    mailpit_chaos.reject_recipients(451)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailpit_smtp, mailpit_inbox, "Refused")
