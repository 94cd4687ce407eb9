/** smtp-server's parser without its parsing: a writable stream whose octets go to `take`. */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

export abstract class LibraryParser extends SMTPStream {
  constructor() {
    super();
    // The library would run an unfinished line as a command.
    this.removeAllListeners('finish');
    this.once('finish', () => this.ended());
  }

  /** Deals with octets; resolves when the next may come. */
  protected abstract take(chunk: Buffer): Promise<void>;

  /** The client has closed its half, and everything before was dealt with. */
  protected abstract ended(): void;

  /** While octets are a message, the library does not take the connection for busy. */
  protected receiving(message: boolean): void {
    this._dataMode = message;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    this.take(chunk).then(
      () => next(),
      (error: unknown) => next(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
