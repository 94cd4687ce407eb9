/** Reads the bodies of HTML forms: `application/x-www-form-urlencoded` and `multipart/form-data` (RFC 7578). */
import { Failed } from './answer.ts';

export interface FormFile {
  readonly filename: string;
  readonly type: string;
  readonly content: Buffer;
}

/** The fields of a form: the texts and the files of each name, in their order. */
export class Form {
  readonly #texts = new Map<string, string[]>();
  readonly #files = new Map<string, FormFile[]>();

  /** Parses a body. Throws `Failed` for a body that is not a form. */
  static async parse(body: Uint8Array, contentType: string): Promise<Form> {
    const form = new Form();
    if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
      for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8')))
        form.#add(form.#texts, name, value);
      return form;
    }
    if (!/^multipart\/form-data\b/i.test(contentType)) {
      throw new Failed(
        'invalid',
        `The body must be multipart/form-data or application/x-www-form-urlencoded, not ${contentType || 'without a type'}`,
      );
    }
    try {
      await form.#readMultipart(body, contentType);
    } catch (error) {
      throw new Failed('invalid', `The body is not valid multipart/form-data: ${(error as Error).message}`);
    }
    return form;
  }

  /** Reads the parts of a multipart body. Rejects if the body is malformed or ends before its last part. */
  async #readMultipart(body: Uint8Array, contentType: string): Promise<void> {
    // A bundle of this CommonJS package has only the default export.
    const { default: busboy } = await import('@fastify/busboy');
    const parser = new busboy.Busboy({
      headers: { 'content-type': contentType },
      limits: { fieldSize: Infinity },
    });
    await new Promise<void>((resolve, reject) => {
      parser.on('field', (name, value) => this.#add(this.#texts, name, value));
      parser.on('file', (name, stream, filename, _encoding, type) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', reject);
        stream.on('end', () => {
          this.#add(this.#files, name, { filename, type, content: Buffer.concat(chunks) });
        });
      });
      parser.on('error', reject);
      parser.on('finish', resolve);
      parser.end(Buffer.from(body.buffer, body.byteOffset, body.length));
    });
  }

  #add<T>(to: Map<string, T[]>, name: string, value: T): void {
    const known = to.get(name);
    if (known === undefined) to.set(name, [value]);
    else known.push(value);
  }

  /** Returns the names of the fields with texts. */
  get names(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** Returns the first text with a name; `undefined` if there is none. */
  text(name: string): string | undefined {
    return this.#texts.get(name)?.[0];
  }

  texts(name: string): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  files(name: string): readonly FormFile[] {
    return this.#files.get(name) ?? [];
  }

  /** Returns the form as JSON: a text or a list of texts by name, and the names, types and sizes of the files. */
  toJson(): Readonly<Record<string, unknown>> {
    const files = [...this.#files].map(([name, list]): [string, unknown] => [
      name,
      list.map(({ filename, type, content }) => ({ filename, type, size: content.length })),
    ]);
    const texts = [...this.#texts].map(([name, list]): [string, unknown] => [
      name,
      list.length === 1 ? list[0] : list,
    ]);
    return Object.fromEntries([...texts, ...files]);
  }
}
