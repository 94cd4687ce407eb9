/**
 * Checks whether a data directory is writable, because a server must not acknowledge mail (250) that it
 * cannot store. If the disk is full, mail is refused until the file `reserve`, which keeps disk space free,
 * has its full size again. If the directory was deleted, moved or replaced while the store uses it, nothing
 * more is written to its path, because another process may now use this path. A store in a read-only
 * directory accepts no mail.
 */
import { accessSync, closeSync, constants, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { refusesWrites, storageReason } from '../storage-reason.ts';
import { unwritable } from '../store.ts';
import type { Lock } from './lock.ts';
import type { Log } from '../log/index.ts';
import { PARTIAL } from '../files/replace-file.ts';
import type { Reserve } from './reserve.ts';

/** Time between two checks of whether the data directory is writable, in milliseconds. */
const INTERVAL = 2_000;
/**
 * Size of the test file in octets. The test file is written if less disk space than this is free, to find out
 * whether the next message fits on the disk.
 */
const NARROW = 1 << 16;

/** Purpose of a write. It determines whether the write may use the space of the file `reserve`. */
export type Purpose =
  /** The write stores new mail. It never uses the space of the file `reserve`. */
  | 'mail'
  /** The write removes mail, which frees space on the disk. It may use all the space of the file `reserve`. */
  | 'removal'
  /**
   * The write belongs to a login or a SELECT and is required for reading mail, such as the creation of
   * standard mailboxes. If the directory is not writable, the written data is held in memory.
   */
  | 'access'
  /**
   * The write makes any other small change, for example of flags or tags. It may use half of the space of the
   * file `reserve`.
   */
  | 'change';

export interface StorageParts {
  readonly directory: string;
  readonly reserve: Reserve;
  readonly lock: Pick<Lock, 'check'>;
  readonly log: Pick<Log, 'isInPlace'>;
  /** Deletes cache files. Returns true if this freed disk space. */
  readonly dropCaches: () => boolean;
  /** Receives a text for the operator each time the directory becomes unwritable or writable again. */
  readonly report: (text: string) => void;
  /** Function that is called when the data directory becomes writable again. */
  readonly onRecovery: () => void;
}

export class Storage {
  readonly #parts: StorageParts;
  readonly #timer: NodeJS.Timeout;
  #refusal: string | null = null;
  /**
   * Whether the data directory was deleted, moved, replaced or locked by another process, which means that this
   * store must not write to it.
   */
  #isLost = false;

  constructor(parts: StorageParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.check(), INTERVAL).unref();
  }

  /** The reason why the store does not accept mail, as a text; `null` while it accepts mail. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /**
   * Whether the path of the data directory still leads to the files of this store. Only then may files there
   * be replaced.
   */
  get isInPlace(): boolean {
    return this.#parts.log.isInPlace;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Checks whether mail can be stored in the directory. Called when the store is opened, and periodically;
   * never rejects.
   */
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
   * Runs `work`, a write that leaves no partial data if it fails. If the disk is full, frees space (first
   * caches, then the file `reserve`) and runs `work` again. Throws `StoreError('unwritable')` if the write
   * finally fails.
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

  /** Throws `StoreError('unwritable')` if new mail cannot be stored at the moment. */
  assertTakesMail(): void {
    this.assertInPlace();
    if (this.#isLost) throw unwritable(this.#refusal ?? '');
    if (this.#refusal === null && this.#parts.reserve.isWhole) return;
    try {
      this.#parts.reserve.fill();
      // After a refusal, mail is accepted again only when files can be created, although a message could
      // already be appended to an open segment.
      this.#probe();
    } catch (error) {
      this.#refuse(storageReason(error));
      throw unwritable(error);
    }
  }

  /**
   * Throws `StoreError('unwritable')` if the path of the data directory no longer leads to the files of this
   * store.
   */
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
   * Checks the permissions of the data directory and, if little disk space is left, writes a test file.
   * Throws the error of the file system.
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
