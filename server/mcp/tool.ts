/** Defines tools: their schemas, the validation of their arguments, and their entry in the list. */
import type { Static, TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { ProblemError } from '../../contract/problems.ts';
import type { Call, ToolOutcome } from './call.ts';
import type { McpDeps } from './deps.ts';
import { isObject } from './protocol/json-rpc.ts';

/** The hints of the protocol about the effects of a tool. */
interface Effects {
  /** Whether the tool only reads data and changes nothing. */
  readonly reads?: boolean;
  /** Whether the tool deletes or replaces something. */
  readonly destroys?: boolean;
  /** Whether the tool contacts other servers. */
  readonly contacts?: boolean;
}

interface ToolDefinition<Input extends TObject, Output extends TObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly effects: Effects;
  run(args: Static<Input>, call: Call, deps: McpDeps): Promise<ToolOutcome<Static<Output>>>;
}

/** A tool whose arguments are validated when it is called. */
export interface Tool {
  readonly name: string;
  readonly readsOnly: boolean;
  /** The entry of the tool in the list. */
  readonly listed: Readonly<Record<string, unknown>>;
  /** Validates the arguments and runs the tool. Throws an `ArgumentError` for invalid arguments. */
  run(args: unknown, call: Call, deps: McpDeps): Promise<ToolOutcome<unknown>>;
}

/** The error for arguments that do not match the schema of a tool. */
export class ArgumentError extends ProblemError {
  constructor(message: string) {
    super('bad-request', message);
  }
}

/** Returns a schema in which no object lists required members. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== 'required' || !Array.isArray(value))
      .map(([key, value]) => [key, withoutRequired(value)]),
  );
}

/**
 * Returns the schema of a result for the list of tools. Only the outermost object lists its required members, because
 * the list must be short.
 */
function listedOutput(schema: TObject): object {
  const required = Object.hasOwn(schema, 'required') ? { required: schema.required } : {};
  return { ...(withoutRequired(schema) as object), ...required };
}

const isNone = (value: unknown): boolean => value === undefined || value === null;

export function defineTool<Input extends TObject, Output extends TObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, input, output, effects } = definition;
  const { reads = false, destroys = false, contacts = false } = effects;
  let compiled: ReturnType<typeof Compile<Input>> | undefined;
  const check = (given: unknown): Static<Input> => {
    const args: unknown = isNone(given) ? {} : given;
    compiled ??= Compile(input);
    refuseUnknown(name, args, Object.keys(input.properties));
    if (compiled.Check(args)) return args;
    const [first] = compiled.Errors(args);
    const path = (first?.instancePath ?? '').slice(1).replaceAll('/', '.');
    throw new ArgumentError(`${name}: ${path === '' ? '' : `${path} `}${first?.message ?? 'is not valid'}`);
  };
  return {
    name,
    readsOnly: reads,
    listed: {
      name,
      title,
      description,
      inputSchema: input,
      outputSchema: listedOutput(output),
      // Clients assume that a tool changes and deletes data and contacts other servers, unless these hints say
      // that it does not.
      annotations: reads
        ? { readOnlyHint: true, openWorldHint: contacts }
        : { destructiveHint: destroys, openWorldHint: contacts },
    },
    run: async (args, call, deps) => definition.run(check(args), call, deps),
  };
}

function refuseUnknown(tool: string, args: unknown, known: readonly string[]): void {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    throw new ArgumentError(`${tool}: the arguments must be an object`);
  }
  const unknown = Object.keys(args).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  const expected = known.length === 0 ? 'the tool has no arguments' : `known: ${known.join(', ')}`;
  throw new ArgumentError(`${tool}: unknown argument ${unknown.join(', ')}; ${expected}`);
}
