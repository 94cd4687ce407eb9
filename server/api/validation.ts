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

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
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
    const value: unknown = isText ? Value.Default(schema, Value.Convert(schema, data)) : data;
    if (compiled.Check(value)) return { value };
    const errors = compiled.Errors(value).map(({ instancePath, message }) => ({
      path: instancePath.slice(1).replaceAll('/', '.'),
      message,
    }));
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
