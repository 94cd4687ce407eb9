/** One message on its way in: in memory while the limit over all connections allows it, then in a temporary file. */
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import type { MessageOctets } from '../../message/octets.ts';

/** There is no room for the message: no memory and no place for files, or the disk is full. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';

  constructor(options?: ErrorOptions) {
    super('There is no room for the message', options);
  }
}

/** Where a message is held: what it needs of the octets in flight. */
export interface Room {
  /** Whether so many more octets may be held in memory; they are counted then. */
  take(octets: number): boolean;
  give(octets: number): void;
  /** Waits until a message in a file may be read back to memory. Returns a function that gives the room back. */
  room(octets: number): Promise<() => void>;
  /** A name for a new temporary file, its folder made; `null` where there is no place for files. */
  newFile(): Promise<string | null>;
  readonly hasFiles: boolean;
}

export class HeldMessage {
  readonly #limit: number;
  readonly #room: Room;
  readonly #inMemory: boolean;
  #octets = 0;
  /** In memory, counted in the room. */
  #chunks: Buffer[] = [];
  #counted = 0;
  #file: string | null = null;
  #handle: FileHandle | null = null;
  /** The writes to the file so far, one after another; `null` while all is in memory. */
  #writes: Promise<void> | null = null;
  #failure: NoRoom | null = null;
  #released: Promise<void> | null = null;
  #giveBack: (() => void) | null = null;

  /**
   * @param limit octets of the message; above it all of them are dropped
   * @param inMemory never uses a file
   */
  constructor(limit: number, room: Room, inMemory = false) {
    this.#limit = limit;
    this.#room = room;
    this.#inMemory = inMemory;
  }

  /** Octets so far, those that were dropped included. */
  get octets(): number {
    return this.#octets;
  }

  /** Whether there were more octets than the message may have. */
  get oversized(): boolean {
    return this.#octets > this.#limit;
  }

  /**
   * Adds octets. Returns a promise where they go to the file: its caller should read no more before it settles. It
   * never rejects: `take` reports the failure.
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

  /** Moves what is in memory to a file. */
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
   * All octets, when all were added. The message stays counted until `release`.
   *
   * @throws NoRoom where they could not be held, or were released meanwhile.
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
   * All octets where they are, when all were added: in memory, or in the temporary file. The file is there, and the
   * octets in memory stay counted, until `release`. Never waits for another message.
   *
   * @throws NoRoom where they could not be held, or were released meanwhile.
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

  /** Forgets the message, and removes its file. */
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

/** A lone piece is kept as it is, unless it would keep a much larger chunk of the socket alive. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined && only.buffer.byteLength < 2 * only.length
    ? only
    : Buffer.concat(chunks);
}
