/** The errors that prevent the start of a sandbox; each message is one line that says what to do. */
import { flagName, type OptionKey } from '../config/index.ts';
import type { WantedListener } from './listeners.ts';

/**
 * The error that is thrown when the sandbox cannot start for a reason that the user can fix; the message is one
 * line.
 */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/**
 * The error that is thrown when the value of an option cannot be used, for example because the file that it
 * names is missing.
 */
export class OptionError extends StartError {
  override readonly name = 'OptionError';
}

/** The error that is thrown when every listener that cannot be opened has a port that is in use. */
export class PortInUseError extends StartError {
  override readonly name = 'PortInUseError';
}

/** The address of a listener, and the option that sets it. */
export type ListenerPlace = Pick<WantedListener, 'host' | 'port' | 'path' | 'option'>;

/** A listener that cannot be opened, with the reason. */
export interface RefusedListener {
  readonly place: ListenerPlace;
  /** The error that the operating system reported. */
  readonly error: unknown;
  /** The process that uses the port, described for the user. */
  readonly holder: string;
  /** The option of another listener with the same port; `null` if there is no such listener. */
  readonly twin: OptionKey | null;
}

/**
 * Converts the error with which the operating system refused to bind a port. Returns an error with a message
 * for the user.
 */
export function listenError(error: unknown, place: ListenerPlace): StartError {
  return listenErrors([{ place, error, holder: 'another program', twin: null }]);
}

/**
 * Creates one error for several listeners that cannot be opened. The ports that one program uses are listed
 * together.
 */
export function listenErrors(refused: readonly RefusedListener[]): StartError {
  const groups = new Map<string, RefusedListener[]>();
  for (const one of refused) {
    const key = isTaken(one) ? `${one.place.host} ${one.holder}` : refusalText(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const text = [...groups.values()].map(groupText).join('; ');
  return refused.every(isTaken) ? new PortInUseError(text) : new StartError(text);
}

const codeOf = ({ error }: RefusedListener): string => (error as NodeJS.ErrnoException).code ?? '';
const optionOf = ({ place }: RefusedListener): string => flagName(place.option);
/** Returns whether another program uses the port of the listener. */
const isTaken = (one: RefusedListener): boolean =>
  codeOf(one) === 'EADDRINUSE' && one.place.path === null && one.twin === null;

function groupText(group: readonly RefusedListener[]): string {
  const [one] = group;
  if (one === undefined) return '';
  if (group.length === 1) return refusalText(one);
  const ports = inWords(group.map(({ place }) => String(place.port)));
  const options = inWords([...new Set(group.map(optionOf))]);
  return `Ports ${ports} on ${one.place.host} are in use by ${one.holder}: choose others with ${options}`;
}

function refusalText(one: RefusedListener): string {
  const { host, port, path } = one.place;
  const where = path === null ? `Port ${port} on ${host}` : `The Unix socket ${path}`;
  const flag = optionOf(one);
  switch (codeOf(one)) {
    case 'EADDRINUSE':
      return one.twin === null
        ? `${where} is in use by ${one.holder}: choose another with ${flag}`
        : `${where} is set for two listeners: choose another with ${flag} or ${flagName(one.twin)}`;
    case 'EACCES':
      return `${where} may not be used by this user: choose one above 1023 with ${flag}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose another with --host`;
    default:
      return `${where} cannot be used: ${(one.error as Error).message}`;
  }
}

/** Joins words as in a sentence: `a, b and c`. */
const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
