/** A DNS server on loopback, over UDP and TCP; a test defines its zones and its errors. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import dnsPacket, { type Answer, type Packet, type Question, type RecordType } from 'dns-packet';
import { onTestFinished } from 'vitest';

/** The records of a name by their type, or the error of queries for it. */
export interface Zone {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  /** MX records such as `10 mx.example.test`; `0 .` is a null MX (RFC 7505). */
  readonly MX?: readonly string[];
  readonly TXT?: readonly string[];
  readonly CNAME?: string;
  /**
   * The error of queries for this name; with `silent`, the server sends no response. `failingTypes` limits the error to
   * some record types.
   */
  readonly fails?: 'SERVFAIL' | 'REFUSED' | 'silent';
  readonly failingTypes?: readonly string[];
  /** Whether the response over UDP is truncated, so that the client must repeat the query over TCP. */
  readonly truncated?: boolean;
  /**
   * Whether responses for an alias contain only the CNAME record without the records of its target, as from some
   * servers.
   */
  readonly bareAlias?: boolean;
}

export interface TestDns {
  /** `HOST:PORT` of the server, the format of `--relay-dns`. */
  readonly server: string;
  readonly zones: Map<string, Zone>;
  /** The queries received so far, each as `example.test MX`. */
  readonly asked: string[];
}

const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const MAX_ALIASES = 10;

export async function startDns(zones: Readonly<Record<string, Zone>> = {}): Promise<TestDns> {
  const known = new Map(Object.entries(zones));
  const asked: string[] = [];
  const tcp = net.createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length > 1 && received.length >= received.readUInt16BE(0) + 2) {
        const length = received.readUInt16BE(0);
        const reply = answer(known, asked, received.subarray(2, length + 2), true);
        received = received.subarray(length + 2);
        if (reply === null) continue;
        const head = Buffer.alloc(2);
        head.writeUInt16BE(reply.length);
        socket.write(Buffer.concat([head, reply]));
      }
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as net.AddressInfo;
  const udp = dgram.createSocket('udp4');
  udp.on('message', (message, peer) => {
    const reply = answer(known, asked, message, false);
    if (reply !== null) udp.send(reply, peer.port, peer.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  return { server: `127.0.0.1:${port}`, zones: known, asked };
}

function answer(
  zones: ReadonlyMap<string, Zone>,
  asked: string[],
  message: Buffer,
  overTcp: boolean,
): Buffer | null {
  const query = dnsPacket.decode(message);
  const [question] = query.questions ?? [];
  if (question === undefined) return null;
  asked.push(`${question.name} ${question.type}`);
  const zone = zones.get(question.name.toLowerCase());
  const failing = zone?.failingTypes === undefined || zone.failingTypes.includes(question.type);
  const reply: Packet = { type: 'response', questions: [question], answers: [] };
  if (query.id !== undefined) reply.id = query.id;
  let flags: number = dnsPacket.RECURSION_AVAILABLE | dnsPacket.RECURSION_DESIRED;
  if (zone === undefined) flags |= RCODES.NXDOMAIN;
  else if (zone.fails === 'silent' && failing) return null;
  else if (zone.fails !== undefined && zone.fails !== 'silent' && failing) flags |= RCODES[zone.fails];
  else if (zone.truncated === true && !overTcp) flags |= dnsPacket.TRUNCATED_RESPONSE;
  else reply.answers = answersTo(zones, question);
  return dnsPacket.encode({ ...reply, flags });
}

/**
 * Returns the records in the response to a question, as a resolver does: the aliases, and the records of their
 * target.
 */
function answersTo(zones: ReadonlyMap<string, Zone>, { name, type }: Question): Answer[] {
  const answers: Answer[] = [];
  let at = name;
  for (let aliases = 0; aliases < MAX_ALIASES; aliases++) {
    const zone = zones.get(at.toLowerCase());
    const alias = zone?.CNAME;
    if (alias === undefined) return [...answers, ...recordsOf(at, type, zone)];
    answers.push({ name: at, type: 'CNAME', ttl: 1, data: alias });
    if (zone?.bareAlias === true || type === 'CNAME') return answers;
    at = alias;
  }
  return answers;
}

function recordsOf(name: string, type: RecordType, zone: Zone | undefined): Answer[] {
  if (type === 'A' || type === 'AAAA')
    return (zone?.[type] ?? []).map((data) => ({ name, type, ttl: 1, data }));
  if (type === 'TXT') return (zone?.TXT ?? []).map((text) => ({ name, type, ttl: 1, data: [text] }));
  if (type !== 'MX') return [];
  return (zone?.MX ?? []).map((text) => {
    const [preference, exchange = ''] = text.split(' ');
    return { name, type, ttl: 1, data: { preference: Number(preference), exchange } };
  });
}
