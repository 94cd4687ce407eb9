"""Sends messages by smtplib with the parameters that it adds itself: host, port, recipient."""
import smtplib
import sys

host, port, recipient = sys.argv[1:]
message = "From: app@x.test\r\nSubject: interop\r\n\r\nhello\r\n"
with smtplib.SMTP(host, int(port), timeout=10) as client:
    for options in (["size=100"], ["BODY=8BITMIME", "BODY=8BITMIME"], ["SMTPUTF8", "SMTPUTF8"]):
        client.sendmail("app@x.test", [recipient], message, mail_options=options)
