/**
 * Validates requests by the schemas of the contract. A schema is compiled when it is first used, which keeps the
 * start of a sandbox short. Query parameters are converted from text to the type of the schema; unknown parameters
 * are refused.
 */
import { Readable } from 'node:stream';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { badRequest } from '../../contract/problems.ts';
import { similarName } from '../../contract/text/did-you-mean.ts';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** An error of the validator. */
interface Violation {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly message: string;
}

export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let compiled: ReturnType<typeof Compile> | undefined;
  const isText = httpPart === 'querystring' || httpPart === 'params';
  const known = new Set(Object.keys((schema as ObjectSchema).properties ?? {}));
  return (data: unknown) => {
    // The body of a raw message is a stream, which needs no validation.
    if (data instanceof Readable) return { value: data };
    compiled ??= Compile(schema);
    if (httpPart === 'querystring') refuseUnknown(data, known);
    const value: unknown = isText ? Value.Default(schema, convert(schema, data)) : data;
    if (compiled.Check(value)) return { value };
    const errors = compiled
      .Errors(value)
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      .map((violation) => describe(schema, violation));
    const [first] = errors;
    const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
    return { error: badRequest(`${where}${first?.message ?? 'is not valid'}`, errors) };
  };
};

function refuseUnknown(data: unknown, known: ReadonlySet<string>): void {
  const unknown = Object.keys(data as object).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const expected = known.size === 0 ? 'the call has no parameters' : `known: ${[...known].join(', ')}`;
  throw badRequest(`Unknown parameter ${unknown.join(', ')}; ${expected}`);
}

/** Converts parameters from text to the types of the schema. A text that is not an integer stays a text. */
function convert(schema: TSchema, data: unknown): unknown {
  const given = data as Readonly<Record<string, unknown>>;
  const { properties = {} } = schema as ObjectSchema;
  const isWord = ([name, value]: readonly [string, unknown]): boolean =>
    properties[name]?.type === 'integer' && typeof value === 'string' && !/^-?\d+$/.test(value);
  const words = Object.entries(given).filter(isWord);
  // TypeBox's function `Convert` would convert `true` to 1, and `0.5` to 0.
  return { ...(Value.Convert(schema, { ...given }) as object), ...Object.fromEntries(words) };
}

/** Returns the path and the message for an error of the validator. For an unknown member, suggests a known one. */
function describe(
  schema: TSchema,
  violation: Violation,
): { readonly path: string; readonly message: string } {
  const { keyword, schemaPath, instancePath, message } = violation;
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword !== 'boolean' || !schemaPath.endsWith('/additionalProperties')) return { path, message };
  let owner: unknown = schema;
  for (const key of schemaPath.split('/').slice(1, -1)) owner = (owner as Record<string, unknown>)[key];
  const known = Object.keys((owner as ObjectSchema).properties ?? {});
  const similar = similarName(path.split('.').at(-1) ?? '', known);
  const hint = similar === undefined ? `known: ${known.join(', ')}` : `did you mean ${similar}?`;
  return { path, message: `unknown member; ${hint}` };
}
