"""Uses the PyPI package mailosaur. Arguments: the base URL of the API, and the host and port of the SMTP server."""

import smtplib
import sys
from email.message import EmailMessage

from mailosaur import MailosaurClient
from mailosaur.models import (
    DeviceCreateOptions,
    MailosaurException,
    MessageCreateOptions,
    MessageForwardOptions,
    MessageReplyOptions,
    SearchCriteria,
    ServerCreateOptions,
)

url, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = MailosaurClient("any-key", url)

server = client.servers.create(ServerCreateOptions("Python"))
assert client.servers.get(server.id).name == "Python"
server.name = "Renamed"
assert client.servers.update(server.id, server).name == "Renamed"
assert [each["id"] for each in client.servers.list().items] == [server.id]
assert client.servers.get_password(server.id) != ""
address = client.servers.generate_email_address(server.id)

mail = EmailMessage()
mail["From"] = "Ann <ann@x.test>"
mail["To"] = address
mail["Subject"] = "Confirm"
mail.set_content("Your code is 482913. https://x.test/text")
mail.add_alternative('<p>Your code is 482913.</p><a href="https://x.test/html">Open</a>', subtype="html")
mail.add_attachment(b"\x00\x01octets", maintype="application", subtype="octet-stream", filename="a.bin")
with smtplib.SMTP(host, port) as smtp:
    smtp.send_message(mail)

criteria = SearchCriteria()
criteria.sent_to = address
message = client.messages.get(server.id, criteria, timeout=60000)
assert message.subject == "Confirm" and message.server == server.id
assert message.html.codes[0].value == message.text.codes[0].value == "482913"
assert message.html.links[0].href == "https://x.test/html"
attachment = message.attachments[0]
assert (attachment.file_name, attachment.length) == ("a.bin", 8)
assert client.files.get_attachment(attachment.id).content == b"\x00\x01octets"
assert b"Subject: Confirm" in client.files.get_email(message.id).content
assert client.messages.list(server.id, 0, 10).items[0].id == message.id

report = client.analysis.deliverability(message.id)
assert report.content.total_size > 0 and report.spam_assassin.score == 0
assert client.analysis.spam(message.id).score == 0

created = client.messages.create(server.id, MessageCreateOptions(address, True, "Made", text="Hi"))
assert created.subject == "Made"
assert client.messages.reply(message.id, MessageReplyOptions(text="Thanks")).subject == "Re: Confirm"
assert client.messages.forward(message.id, MessageForwardOptions("dan@x.test", text="See")).subject == "Fwd: Confirm"

device = client.devices.create(DeviceCreateOptions({"name": "Phone", "shared_secret": "ONSWG4TFOQYTEMY="}))
assert len(client.devices.otp(device.id).code) == 6
assert len(client.devices.otp("ONSWG4TFOQYTEMY=").code) == 6
client.devices.delete(device.id)
assert client.previews.list_email_clients().items[0].name == "browser"
assert client.usage.limits().email.current >= 1

try:
    client.messages.list("short")
    raise AssertionError("a wrong id was accepted")
except MailosaurException as error:
    assert error.http_status_code == 400 and error.message.startswith("(server) ")
try:
    client.messages.get_by_id("unknown")
    raise AssertionError("an unknown id was accepted")
except MailosaurException as error:
    assert error.http_status_code == 404

client.messages.delete(created.id)
client.messages.delete_all(server.id)
assert client.messages.list(server.id).items == []
client.servers.delete(server.id)
print("ok")
