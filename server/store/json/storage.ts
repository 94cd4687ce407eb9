/**
 * Whether a data directory takes writes. A store must not send a 250 without storage, so it asks here: on a full disk
 * mail is refused until the reserve is whole again; a directory that was deleted, moved or replaced while the store uses
 * it gets nothing more, since another process may use that place by now; a directory that can only be read takes no mail.
 */
import { accessSync, closeSync, constants, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { refusesWrites, storageReason } from '../storage-reason.ts';
import { unwritable } from '../store.ts';
import type { Lock } from './lock.ts';
import type { Log } from './log-file.ts';
import { PARTIAL } from './replace-file.ts';
import type { Reserve } from './reserve.ts';

/** Milliseconds between two looks at the directory. */
const INTERVAL = 2_000;
/** Octets: with less room than that, the next mail may be the one that does not fit. */
const NARROW = 1 << 16;

/** What a write is for. */
export type Purpose =
  /** New mail. Never gets the reserve. */
  | 'mail'
  /** Whatever makes room. Gets all of the reserve. */
  | 'removal'
  /** Logins and selects, without which mail cannot be read. Kept in memory where nothing can be written. */
  | 'access'
  /** Everything else that is small. */
  | 'change';

export interface StorageParts {
  readonly directory: string;
  readonly reserve: Reserve;
  readonly lock: Pick<Lock, 'check'>;
  readonly log: () => Log;
  /** Gives up what is only there to make something faster; true when that made room. */
  readonly dropCaches: () => boolean;
  /** Receives each change, in words for the operator. */
  readonly report: (text: string) => void;
  /** Called when the directory takes writes again. */
  readonly onRecovery: () => void;
}

export class Storage {
  readonly #parts: StorageParts;
  readonly #timer: NodeJS.Timeout;
  #refusal: string | null = null;
  /** Whether the directory is no longer this store's. */
  #isLost = false;

  constructor(parts: StorageParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.check(), INTERVAL).unref();
  }

  /** Why no mail is taken, in words; `null` when mail is taken. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Whether files may be replaced by their path. */
  get isInPlace(): boolean {
    return this.#parts.log().isInPlace;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks whether the directory takes mail: now and then, and at the start. Never rejects. */
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
   * Does a write that is undone when it fails. On a full disk it is repeated, with the room of caches and of the reserve.
   * Throws `StoreError('unwritable')`.
   */
  async write<T>(purpose: Purpose, work: () => T | Promise<T>): Promise<T> {
    for (;;) {
      try {
        const done = await work();
        if (purpose === 'mail') this.#accept();
        return done;
      } catch (error) {
        const failure = unwritable(error);
        if (failure.code !== 'unwritable') throw failure;
        if (failure.isDiskFull && this.#makeRoom(purpose)) continue;
        if (purpose === 'mail') this.#refuse(reasonOf(failure.cause));
        throw failure;
      }
    }
  }

  /** Throws `StoreError('unwritable')` where there is no use in trying. */
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

  /** Throws `StoreError('unwritable')` where the path of the directory leads elsewhere. */
  assertInPlace(): void {
    const displacement = this.#displacement();
    if (displacement === null) return;
    this.#refuse(displacement);
    throw unwritable(displacement);
  }

  #makeRoom(purpose: Purpose): boolean {
    if (this.#parts.dropCaches()) {
      this.#parts.report('The disk is full: the texts kept for searches are given up');
      return true;
    }
    return purpose !== 'mail' && this.#parts.reserve.release(purpose === 'removal');
  }

  #displacement(): string | null {
    if (this.isInPlace) return null;
    return `${this.#parts.directory}, or its messages.jsonl, was deleted, moved or replaced while the server uses it`;
  }

  /** Writes where mail is written, if there is reason to doubt that this is possible. Throws what the file system reports. */
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
    this.#parts.report(`No mail is taken: ${reason}`);
  }

  #accept(): void {
    if (this.#refusal === null) return;
    this.#refusal = null;
    this.#parts.report('Mail is taken again');
    this.#parts.onRecovery();
  }
}

const reasonOf = (cause: unknown): string => (typeof cause === 'string' ? cause : storageReason(cause));
