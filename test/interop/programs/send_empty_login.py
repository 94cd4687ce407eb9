"""Sends one message by smtplib with an empty user name and password: host, port, recipient."""
import smtplib
import sys

host, port, recipient = sys.argv[1:]
with smtplib.SMTP(host, int(port), timeout=10) as client:
    client.login("", "")
    client.sendmail("app@x.test", [recipient], "Subject: interop\r\n\r\nhello\r\n")
