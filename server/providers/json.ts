/** Reads the members of a JSON request, and reports which member is missing or has a wrong type. */
import { Failed } from './answer.ts';

/**
 * A member of a request that is missing or has a wrong value. Each provider converts this error to an error of its own.
 */
export class MemberError extends Error {
  override readonly name = 'MemberError';
  /** The path of the member, for example `personalizations.0.to`. */
  readonly path: string;
  /** Whether the member is absent; otherwise, the member is present but wrong. */
  readonly isMissing: boolean;
  /** Completes a sentence that begins with the path, for example `must be a string`. */
  readonly problem: string;

  constructor(path: string, problem: string, isMissing = false) {
    super(`${path} ${problem}`);
    this.path = path;
    this.problem = problem;
    this.isMissing = isMissing;
  }
}

/** A value of a JSON document, with its path in the document. `null` and an absent member are treated alike. */
export class Json {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = '') {
    this.value = value ?? undefined;
    this.path = path;
  }

  /** Parses a body. Throws `Failed` if the body is not a JSON document. */
  static parse(body: Uint8Array): Json {
    try {
      return new Json(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8')));
    } catch (error) {
      throw new Failed('invalid', `The body is not valid JSON: ${(error as Error).message}`);
    }
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  /** Returns the error that reports this value as wrong. */
  wrong(problem: string): MemberError {
    return new MemberError(this.path, problem);
  }

  /** Throws if the value is absent; otherwise returns it. */
  required(): this {
    if (this.isAbsent) throw new MemberError(this.path, 'is required', true);
    return this;
  }

  #object(): Readonly<Record<string, unknown>> | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.value !== 'object' || this.isList) throw this.wrong('must be an object');
    return this.value as Readonly<Record<string, unknown>>;
  }

  /** Returns the member of an object; an absent value if the object or the member is absent. */
  at(name: string): Json {
    const of = this.#object();
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new Json(of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined, path);
  }

  /** Returns the members of an object; an empty list if the object is absent. */
  members(): readonly (readonly [name: string, value: Json])[] {
    return Object.keys(this.#object() ?? {}).map((name) => [name, this.at(name)]);
  }

  /** Returns the items of a list; an empty list if the list is absent. */
  items(): readonly Json[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) throw this.wrong('must be an array');
    return this.value.map((item, index) => new Json(item, `${this.path}.${index}`.replace(/^\./, '')));
  }

  /** Returns a text; `undefined` if it is absent. */
  text(): string | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.value !== 'string') throw this.wrong('must be a string');
    return this.value;
  }

  /** Returns a text, or a number or a boolean as a text; `undefined` if the value is absent. */
  scalar(): string | undefined {
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value);
    return this.text();
  }

  number(): number | undefined {
    if (this.isAbsent) return undefined;
    if (typeof this.value !== 'number') throw this.wrong('must be a number');
    return this.value;
  }

  boolean(): boolean {
    if (this.isAbsent) return false;
    if (typeof this.value !== 'boolean') throw this.wrong('must be true or false');
    return this.value;
  }

  /** Returns the octets of a text in Base64; `undefined` if it is absent. Line ends are permitted (RFC 2045 §6.8). */
  base64(): Buffer | undefined {
    const text = this.text()?.replaceAll(/[\r\n]/g, '');
    if (text === undefined) return undefined;
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
      throw this.wrong('must be Base64');
    return Buffer.from(text, 'base64');
  }
}
