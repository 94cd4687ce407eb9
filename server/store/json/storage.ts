/**
 * Checks whether a data directory is writable, because a server must not acknowledge mail (250) that it cannot
 * store. On a full disk, mail is refused until the reserve has its full size again. Nothing more is written to a
 * directory that was deleted, moved or replaced while the store uses it, since another process may use its path. A
 * directory that is only readable accepts no mail.
 */
import { accessSync, closeSync, constants, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { refusesWrites, storageReason } from '../storage-reason.ts';
import { unwritable } from '../store.ts';
import type { Lock } from './lock.ts';
import type { Log } from '../log/index.ts';
import { PARTIAL } from '../files/replace-file.ts';
import type { Reserve } from './reserve.ts';

/** Milliseconds between two checks of the directory. */
const INTERVAL = 2_000;
/** Octets of free space below which the next message may not fit on the disk. */
const NARROW = 1 << 16;

/** Purpose of a write. */
export type Purpose =
  /** New mail. It never uses the reserve. */
  | 'mail'
  /** Removals, which free space. They may use the whole reserve. */
  | 'removal'
  /** Logins and selects, without which mail cannot be read. They stay in memory if the directory is not writable. */
  | 'access'
  /** Any other small change. */
  | 'change';

export interface StorageParts {
  readonly directory: string;
  readonly reserve: Reserve;
  readonly lock: Pick<Lock, 'check'>;
  readonly log: Pick<Log, 'isInPlace'>;
  /** Deletes cache files; returns true if that freed space. */
  readonly dropCaches: () => boolean;
  /** Receives a text for the operator at each change of the storage's condition. */
  readonly report: (text: string) => void;
  /** Called when the directory becomes writable again. */
  readonly onRecovery: () => void;
}

export class Storage {
  readonly #parts: StorageParts;
  readonly #timer: NodeJS.Timeout;
  #refusal: string | null = null;
  /** Whether the directory no longer belongs to this store. */
  #isLost = false;

  constructor(parts: StorageParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.check(), INTERVAL).unref();
  }

  /** The reason why no mail is accepted, as a text; `null` while mail is accepted. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Whether the paths still lead to this store's files, so that they may be replaced. */
  get isInPlace(): boolean {
    return this.#parts.log.isInPlace;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Checks whether the directory accepts mail: at start and periodically. Never rejects. */
  async check(): Promise<void> {
    const lost = this.#displacement() ?? (await this.#parts.lock.check().catch(storageReason));
    this.#isLost = lost !== null;
    if (lost !== null) {
      this.#refuse(lost);
      return;
    }
    try {
      this.#parts.reserve.fill();
      this.#probe();
    } catch (error) {
      this.#refuse(storageReason(error));
      return;
    }
    this.#accept();
  }

  /**
   * Runs a write, which must undo itself when it fails. On a full disk, frees the caches and the reserve and repeats
   * the write. Throws `StoreError('unwritable')`.
   */
  async write<T>(purpose: Purpose, work: () => T | Promise<T>): Promise<T> {
    for (;;) {
      try {
        const done = await work();
        if (purpose === 'mail') this.#accept();
        return done;
      } catch (error) {
        this.assertInPlace();
        const failure = unwritable(error);
        if (failure.code !== 'unwritable') throw failure;
        if (failure.isDiskFull && this.#makeRoom(purpose)) continue;
        if (purpose === 'mail') this.#refuse(reasonOf(failure.cause));
        throw failure;
      }
    }
  }

  /** Throws `StoreError('unwritable')` if a write cannot succeed. */
  assertTakesMail(): void {
    this.assertInPlace();
    if (this.#isLost) throw unwritable(this.#refusal ?? '');
    if (this.#parts.reserve.isWhole) return;
    try {
      this.#parts.reserve.fill();
    } catch (error) {
      this.#refuse(storageReason(error));
      throw unwritable(error);
    }
  }

  /** Throws `StoreError('unwritable')` if the path of the directory leads to another directory. */
  assertInPlace(): void {
    const displacement = this.#displacement();
    if (displacement === null) return;
    this.#refuse(displacement);
    throw unwritable(displacement);
  }

  #makeRoom(purpose: Purpose): boolean {
    if (this.#parts.dropCaches()) {
      this.#parts.report('The disk is full: the search index is deleted, and made again when there is space');
      return true;
    }
    return purpose !== 'mail' && this.#parts.reserve.release(purpose === 'removal');
  }

  #displacement(): string | null {
    if (this.isInPlace) return null;
    return `${this.#parts.directory}, or its messages.jsonl, was deleted, moved or replaced while the server uses it`;
  }

  /**
   * Checks the permissions of the directory and, if little space is left, writes a test file. Throws the error of
   * the file system.
   */
  #probe(): void {
    const { directory } = this.#parts;
    const raw = path.join(directory, 'raw');
    try {
      accessSync(raw, constants.W_OK);
    } catch (error) {
      if (refusesWrites(error)) throw error;
    }
    accessSync(directory, constants.W_OK);
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize >= NARROW) return;
    const probe = path.join(directory, `probe${PARTIAL}`);
    const file = openSync(probe, 'w', 0o600);
    try {
      writeSync(file, Buffer.alloc(NARROW, 'probe'));
    } finally {
      closeSync(file);
      rmSync(probe, { force: true });
    }
  }

  #refuse(reason: string): void {
    if (this.#refusal === reason) return;
    this.#refusal = reason;
    this.#parts.report(`No mail is accepted: ${reason}`);
  }

  #accept(): void {
    if (this.#refusal === null) return;
    this.#refusal = null;
    this.#parts.report('Mail is accepted again');
    this.#parts.onRecovery();
  }
}

const reasonOf = (cause: unknown): string => (typeof cause === 'string' ? cause : storageReason(cause));
