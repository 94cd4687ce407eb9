"""Uses the PyPI package mailpit-api-client. Arguments: the URL of the server, and the number of messages that it has."""

import sys

from mailpit.client.api import API

url, count = sys.argv[1], int(sys.argv[2])
api = API(url.rstrip("/"))
messages = api.get_messages(limit=count)
assert messages.total == count, messages.total
assert len(messages.messages) == count
# The client cannot read a message or its header fields: it requires members that Mailpit 1.33 does not send.
with_file = next(each for each in messages.messages if each.attachments == 1)
assert api.get_message_attachment(with_file.id, "2") != ""
api.delete_messages([])
assert api.get_messages().total == 0
print("ok")
