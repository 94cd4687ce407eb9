/** Replaces smtp-server's parser: a writable stream that passes its octets to `take` without parsing them. */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

export abstract class LibraryParser extends SMTPStream {
  constructor() {
    super();
    // The listener of smtp-server for the end of the stream is removed, because it would run an unfinished last
    // line as a command.
    this.removeAllListeners('finish');
    this.once('finish', () => this.ended());
  }

  /** Processes octets; resolves when the next octets may be passed. */
  protected abstract take(chunk: Buffer): Promise<void>;

  /**
   * The function that is called when the client has closed its half of the connection and all octets received before
   * have been processed.
   */
  protected abstract ended(): void;

  /**
   * Sets whether a message is being received; during that time smtp-server does not regard the connection as
   * busy.
   */
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
