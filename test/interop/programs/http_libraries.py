"""The HTTP libraries that most Python projects use, with their default settings: read, post, stream, listen to events."""
import asyncio
import json
import sys

import aiohttp
import httpx
import requests

root = sys.argv[1]
mail = ("To: b@x.test\r\nSubject: big\r\n\r\n" + "x" * 100 + "\r\n") * 20_000


def with_requests():
    with requests.Session() as session:
        print(session.get(root + "api/info").status_code)
        print(session.post(root + "api/accounts", json={"address": "requests@x.test"}).status_code)
        chunks = (mail[at : at + 8192].encode() for at in range(0, len(mail), 8192))
        headers = {"Content-Type": "message/rfc822"}
        posted = session.post(root + "api/messages?from=a@x.test&to=b@x.test", data=chunks, headers=headers)
        print(posted.status_code)
        with session.get(root + "api/messages/latest/raw?account=b@x.test", stream=True) as raw:
            print(sum(len(chunk) for chunk in raw.iter_content(4096)) == len(mail))
        print(session.delete(root + "api/messages/nothing").status_code)


def with_httpx():
    with httpx.Client() as client:
        print(client.get(root + "api/messages").status_code)
        print(client.put(root + "api/messages").status_code)


async def with_aiohttp():
    async with aiohttp.ClientSession() as session:
        async def status(path):
            async with session.get(root + path) as response:
                await response.read()
                return response.status

        print(set(await asyncio.gather(*(status("api/messages?limit=5") for _ in range(100)))))
        async with session.ws_connect(root + "api/events?account=aiohttp@x.test") as events:
            body = {"from": "a@x.test", "to": "aiohttp@x.test", "subject": "by event", "text": "hi"}
            async with session.post(root + "api/messages", json=body) as response:
                print(response.status)
            async for event in events:
                if json.loads(event.data).get("type") == "message":
                    print("event")
                    break


with_requests()
with_httpx()
asyncio.run(with_aiohttp())
