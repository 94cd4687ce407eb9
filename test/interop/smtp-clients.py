"""One message by Python's smtplib: host, port, TLS mode, sender, recipient, then user, password and mechanism or nothing."""
import smtplib
import ssl
import sys

host, port, tls, sender, recipient, *login = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if tls == "implicit":
    client = smtplib.SMTP_SSL(host, int(port), context=context, timeout=10)
else:
    client = smtplib.SMTP(host, int(port), timeout=10)
    if tls == "starttls":
        client.starttls(context=context)
client.ehlo()
if login:
    user, password, mechanism = login
    client.user, client.password = user, password
    method = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}
    client.auth(mechanism, method[mechanism])
client.sendmail(sender, [recipient], "Subject: interop\r\n\r\nhello\r\n" + "x" * 70 * 20)
client.quit()
