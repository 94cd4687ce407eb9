/**
 * One message that is being received: held in memory while the memory limit for all connections allows it, then
 * in a temporary file.
 */
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import type { MessageOctets } from '../../message/octets.ts';

/**
 * Thrown when a message cannot be held: the memory limit is reached and temporary files are disabled, or the
 * disk is full.
 */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';

  constructor(options?: ErrorOptions) {
    super('There is no room for the message', options);
  }
}

/** The functions of `InFlight` that a message being received uses: they reserve memory and create temporary files. */
export interface Room {
  /**
   * Reserves the given number of octets in memory. Returns false, and reserves nothing, when the limit would be
   * exceeded.
   */
  take(octets: number): boolean;
  give(octets: number): void;
  /**
   * Waits until a message may be read back from its file into memory. Returns a function that releases the
   * reserved memory.
   */
  room(octets: number): Promise<() => void>;
  /**
   * Returns the path of a new temporary file and creates its directory; returns `null` when temporary files are
   * disabled.
   */
  newFile(): Promise<string | null>;
  readonly hasFiles: boolean;
}

export class HeldMessage {
  readonly #limit: number;
  readonly #room: Room;
  readonly #inMemory: boolean;
  #octets = 0;
  /** The octets of the message that are in memory. */
  #chunks: Buffer[] = [];
  /** The number of octets of the message that are in memory, which count towards the memory limit. */
  #counted = 0;
  #file: string | null = null;
  #handle: FileHandle | null = null;
  /**
   * Resolves when all writes to the file that were started so far have finished; `null` while the whole message
   * is in memory.
   */
  #writes: Promise<void> | null = null;
  #failure: NoRoom | null = null;
  #released: Promise<void> | null = null;
  #giveBack: (() => void) | null = null;

  /**
   * @param limit maximum number of octets of the message; if the message exceeds it, all its octets are
   * discarded
   * @param room reserves memory and creates temporary files
   * @param inMemory whether the message must not be written to a file
   */
  constructor(limit: number, room: Room, inMemory = false) {
    this.#limit = limit;
    this.#room = room;
    this.#inMemory = inMemory;
  }

  /** The number of octets received so far, including discarded octets. */
  get octets(): number {
    return this.#octets;
  }

  /** Whether the message has more octets than its size limit. */
  get oversized(): boolean {
    return this.#octets > this.#limit;
  }

  /**
   * Adds octets. Returns a promise if the octets are written to the file; the caller should not read more octets until
   * the promise settles. The promise never rejects: a failure of the write is thrown by `take`.
   */
  add(bytes: Buffer): Promise<void> | null {
    if (bytes.length === 0) return null;
    this.#octets += bytes.length;
    if (this.#released !== null || this.#failure !== null) return null;
    if (this.oversized) {
      void this.release();
      return null;
    }
    if (this.#writes === null) {
      if (this.#room.take(bytes.length)) {
        this.#counted += bytes.length;
        this.#chunks.push(bytes);
        return null;
      }
      if (this.#inMemory || !this.#room.hasFiles) {
        this.#fail(new NoRoom());
        return null;
      }
    }
    return this.#write(bytes);
  }

  #write(bytes: Buffer): Promise<void> {
    const before = this.#writes ?? this.#spill();
    this.#writes = before
      .then(async () => {
        if (this.#handle !== null) await this.#handle.appendFile(bytes);
      })
      .catch((error: unknown) => this.#fail(new NoRoom({ cause: error })));
    return this.#writes;
  }

  /** Moves the octets from memory to a file. */
  async #spill(): Promise<void> {
    const file = await this.#room.newFile();
    if (file === null || this.#released !== null) return;
    this.#file = file;
    this.#handle = await open(file, 'ax', 0o600);
    const chunks = this.#chunks;
    this.#chunks = [];
    await this.#handle.appendFile(Buffer.concat(chunks));
    this.#forget();
  }

  /**
   * Returns the octets of the complete message. They count towards the memory limit until `release`.
   *
   * @throws NoRoom when the octets could not be held or have been released
   */
  async take(): Promise<Buffer> {
    const octets = await this.octetsOrFile();
    if (Buffer.isBuffer(octets)) return octets;
    const giveBack = await this.#room.room(this.#octets);
    if (this.#isReleased()) {
      giveBack();
      throw new NoRoom();
    }
    this.#giveBack = giveBack;
    try {
      return await readFile(octets.file);
    } catch (error) {
      throw new NoRoom({ cause: error });
    }
  }

  /**
   * Returns the octets of the complete message, or the path of the temporary file that contains them. The file
   * exists, and octets in memory count towards the limit, until `release`. Never waits until another message is
   * released.
   *
   * @throws NoRoom when the octets could not be held or have been released
   */
  async octetsOrFile(): Promise<MessageOctets> {
    await this.#writes;
    if (this.#failure !== null) throw this.#failure;
    if (this.#isReleased()) throw new NoRoom();
    const file = this.#file;
    return file === null ? joined(this.#chunks.splice(0)) : { file, size: this.#octets };
  }

  #isReleased(): boolean {
    return this.#released !== null;
  }

  /** Releases the memory of the message and deletes its file. */
  release(): Promise<void> {
    this.#released ??= this.#forgetAll();
    return this.#released;
  }

  async #forgetAll(): Promise<void> {
    this.#chunks = [];
    this.#forget();
    this.#giveBack?.();
    this.#giveBack = null;
    await this.#writes;
    const [file, handle] = [this.#file, this.#handle];
    this.#file = null;
    this.#handle = null;
    await handle?.close().catch(() => undefined);
    if (file !== null) await rm(file, { force: true }).catch(() => undefined);
  }

  #fail(failure: NoRoom): void {
    this.#failure ??= failure;
    this.#chunks = [];
    this.#forget();
  }

  #forget(): void {
    this.#room.give(this.#counted);
    this.#counted = 0;
  }
}

/**
 * Joins the chunks of a message. A single chunk is not copied, unless it is a small part of a much larger socket
 * buffer: without a copy, the whole buffer would stay in memory.
 */
function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined && only.buffer.byteLength < 2 * only.length
    ? only
    : Buffer.concat(chunks);
}
