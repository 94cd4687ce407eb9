/** Finds the process that listens on a TCP port, on systems whose kernel lists the open sockets (Linux). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The code for the state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';
/** The maximum number of characters of a process's command line that are shown. */
const SHOWN = 60;

/**
 * Returns a text that tells the user which process listens on the port, such as `process 4242 (node
 * server.js)`. Returns `another program` if the process cannot be found: on systems other than Linux, and for
 * processes of other users.
 */
export function portHolder(port: number): string {
  try {
    const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listening(table, port)));
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOne(name, sockets));
    if (pid === String(process.pid)) return 'this process';
    if (pid !== undefined) return `process ${pid} (${commandOf(pid)})`;
  } catch {
    // The kernel of this operating system does not list its sockets in /proc, so the process cannot be found.
  }
  return 'another program';
}

/**
 * Returns the sockets that listen on the port according to a table in /proc/net, as names such as
 * `socket:[4242]` (proc(5)).
 */
function listening(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(table, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${wanted}`))
    .map((fields) => `socket:[${fields[9]}]`);
}

function holdsOne(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => sockets.has(linkOf(`${folder}/${name}`)));
  } catch {
    return false;
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function commandOf(pid: string): string {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  return command.length > SHOWN ? `${command.slice(0, SHOWN)}…` : command;
}
