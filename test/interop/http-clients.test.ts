/** Tests the API with HTTP clients of other projects, with their default settings. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, mustRun } from '../helpers/tool.ts';

let sandbox: TestSandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  folder = await mkdtemp(path.join(os.tmpdir(), 'restante-http-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/**
 * A program that reads messages, creates an account, waits for a message that it sends in the meantime, and prints the
 * results.
 */
const JAVA = `
import java.net.URI;
import java.net.http.*;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

class Client {
  public static void main(String[] arguments) throws Exception {
    String root = arguments[0];
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest info = HttpRequest.newBuilder(URI.create(root + "api/info")).build();
    System.out.println(client.send(info, BodyHandlers.ofString()).statusCode());
    HttpRequest mint = HttpRequest.newBuilder(URI.create(root + "api/accounts"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\\"address\\":\\"java@x.test\\"}")).build();
    System.out.println(client.send(mint, BodyHandlers.ofString()).statusCode());
    HttpRequest wait = HttpRequest.newBuilder(
        URI.create(root + "api/messages/wait?account=java@x.test&timeout=20000")).build();
    var waiting = client.sendAsync(wait, BodyHandlers.ofString());
    HttpRequest compose = HttpRequest.newBuilder(URI.create(root + "api/messages"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(
            "{\\"from\\":\\"a@x.test\\",\\"to\\":\\"java@x.test\\",\\"subject\\":\\"from Java\\",\\"text\\":\\"hi\\"}"))
        .build();
    System.out.println(client.send(compose, BodyHandlers.ofString()).statusCode());
    HttpResponse<String> found = waiting.get();
    System.out.println(found.statusCode() + " " + found.body().contains("from Java"));
    HttpRequest missing = HttpRequest.newBuilder(URI.create(root + "api/nothing")).DELETE().build();
    System.out.println(client.send(missing, BodyHandlers.ofString()).statusCode());
  }
}`;

const noJava = !installed('java') || !installed('javac');
describe.skipIf(noJava)(noJava ? 'Java’s HttpClient (no JDK installed)' : 'Java’s HttpClient', () => {
  it('reads, posts, waits', async () => {
    const file = path.join(folder, 'Client.java');
    await writeFile(file, JAVA);
    const said = await mustRun('java', [file, sandbox.url]);
    expect(said.trim().split('\n')).toEqual(['200', '201', '201', '200 true', '404']);
  });
});

const noCurl = !installed('curl');
describe.skipIf(noCurl)(noCurl ? 'curl (not installed)' : 'curl', () => {
  const curl = (...args: string[]): Promise<string> =>
    mustRun('curl', ['-sS', '-o', path.join(folder, 'body'), '-w', '%{http_code} ', ...args]);

  it('offers HTTP/2, waits for 100 Continue, sends chunks, and keeps its connection', async () => {
    const api = `${sandbox.url}api/`;
    expect(await curl('--http2', `${sandbox.url}livez`)).toBe('200 ');
    const json = ['-H', 'content-type: application/json'];
    expect(await curl('--http2', ...json, '-d', '{"address":"curl@x.test"}', `${api}accounts`)).toBe('201 ');
    const mail = path.join(folder, 'mail.eml');
    await writeFile(mail, `To: b@x.test\r\n\r\n${'x'.repeat(100)}\r\n`.repeat(30_000));
    const submit = `${api}messages?from=a@x.test&to=b@x.test`;
    const raw = ['-H', 'content-type: message/rfc822'];
    expect(await curl(...raw, '-H', 'expect: 100-continue', '--data-binary', `@${mail}`, submit)).toBe(
      '201 ',
    );
    expect(
      await curl(...raw, '--http2', '-H', 'transfer-encoding: chunked', '--data-binary', `@${mail}`, submit),
    ).toBe('201 ');
    const all = [`${api}info`, `${api}nothing`, `${api}messages`].flatMap((url) => ['-o', '/dev/null', url]);
    expect(await curl('--http2', ...all.slice(2))).toContain('200');
  });
});

const PYTHON = `
import http.client, json, sys, urllib.request
from urllib.parse import urlsplit
root = urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(root.hostname, root.port)
for path in ("/livez", "/api/info", "/nothing"):
    connection.request("GET", path)
    response = connection.getresponse()
    print(response.status, len(response.read()) > 0)
connection.request("POST", "/api/accounts", body=json.dumps({"address": "python@x.test"}), headers={"Content-Type": "application/json"})
response = connection.getresponse(); response.read(); print(response.status)
connection.request("POST", "/api/accounts", body=iter([b'{"address":', b'"chunks@x.test"}']), headers={"Content-Type": "application/json"}, encode_chunked=True)
response = connection.getresponse(); response.read(); print(response.status)
print(urllib.request.urlopen(sys.argv[1] + "api/messages").status)
`;

const noPython = !installed('python3');
describe.skipIf(noPython)(noPython ? 'Python (not installed)' : 'Python', () => {
  it('uses one connection for several requests, with chunks too', async () => {
    const said = await mustRun('python3', ['-c', PYTHON, sandbox.url]);
    expect(said.trim().split('\n')).toEqual(['200 True', '200 True', '404 True', '201', '201', '200']);
  });
});

const libraries = path.join(import.meta.dirname, 'programs', 'http_libraries.py');
const noLibraries = noPython || spawnSync('python3', ['-c', 'import aiohttp, httpx, requests']).status !== 0;
describe.skipIf(noLibraries)(
  noLibraries ? 'aiohttp, httpx, requests (not installed)' : 'Python’s libraries',
  () => {
    it('read, post, stream and listen to events', async () => {
      const said = await mustRun('python3', [libraries, sandbox.url]);
      expect(said.trim().split('\n')).toEqual([
        ...['200', '201', '201', 'True', '404'],
        ...['200', '405'],
        ...['{200}', '201', 'event'],
      ]);
    });
  },
);

const RUBY = `
require "net/http"
require "json"
root = URI(ARGV[0])
Net::HTTP.start(root.host, root.port) do |http|
  puts http.get("/api/info").code
  puts http.post("/api/accounts", JSON.generate(address: "ruby@x.test"), "Content-Type" => "application/json").code
  puts http.get("/nothing").code
end
`;

const noRuby = !installed('ruby');
it.skipIf(noRuby)(`Ruby’s Net::HTTP reads and posts${noRuby ? ' (ruby is not installed)' : ''}`, async () => {
  const said = await mustRun('ruby', ['-e', RUBY, sandbox.url]);
  expect(said.trim().split('\n')).toEqual(['200', '201', '404']);
});

const noAb = !installed('ab');
describe.skipIf(noAb)(noAb ? 'ab (not installed)' : 'ab', () => {
  it.each(['-n 1000', '-n 1000 -k', '-n 1000 -k -i'])(
    'sends requests over ten connections: %s',
    async (options) => {
      const url = `${sandbox.url}api/messages?limit=1`;
      const said = await mustRun('ab', [...options.split(' '), '-q', '-c', '10', url]);
      expect(said).toMatch(/^Complete requests:\s+1000$/m);
      expect(said).toMatch(/^Failed requests:\s+0$/m);
      expect(said).not.toContain('Non-2xx');
    },
  );
});

const noWget = !installed('wget');
describe.skipIf(noWget)(noWget ? 'wget (not installed)' : 'wget', () => {
  it('reads and posts', async () => {
    const to = ['-q', '-O', '-'];
    expect(await mustRun('wget', [...to, `${sandbox.url}readyz`])).toBe('ok\n');
    const post = ['--header=Content-Type: application/json', '--post-data={"address":"wget@x.test"}'];
    expect(await mustRun('wget', [...to, ...post, `${sandbox.url}api/accounts`])).toContain('wget@x.test');
  });
});

const GO = `package main

import ("fmt"; "io"; "net/http"; "os"; "strings")

func main() {
  root := os.Args[1]
  for _, path := range []string{"livez", "api/info", "nothing"} {
    response, err := http.Get(root + path)
    if err != nil { panic(err) }
    io.Copy(io.Discard, response.Body); response.Body.Close()
    fmt.Println(response.StatusCode)
  }
  response, err := http.Post(root + "api/accounts", "application/json", strings.NewReader(\`{"address":"go@x.test"}\`))
  if err != nil { panic(err) }
  fmt.Println(response.StatusCode)
}
`;

const noGo = !installed('go');
describe.skipIf(noGo)(noGo ? 'Go (not installed)' : 'Go', () => {
  it('reads and posts', async () => {
    const file = path.join(folder, 'client.go');
    await writeFile(file, GO);
    const said = await mustRun('go', ['run', file, sandbox.url]);
    expect(said.trim().split('\n')).toEqual(['200', '200', '404', '201']);
  });
});
