/** The messages and errors of JSON-RPC 2.0, as the Model Context Protocol uses them. */

export type RequestId = string | number;

export interface RpcRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface RpcNotification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type RpcMessage =
  | { readonly kind: 'request'; readonly request: RpcRequest }
  | { readonly kind: 'notification'; readonly notification: RpcNotification }
  /** The response to a request. The server sends no requests, so it ignores responses. */
  | { readonly kind: 'response' };

/** The error codes of JSON-RPC 2.0, and those that the Model Context Protocol adds. */
export const codes = {
  parse: -32_700,
  invalidRequest: -32_600,
  unknownMethod: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  /** The resource does not exist; since 2026-07-28, `invalidParams` is used instead. */
  unknownResource: -32_002,
  headerMismatch: -32_020,
  unsupportedVersion: -32_022,
} as const;

/** An error that is sent as a JSON-RPC error. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: unknown;
  /** The status of the HTTP response that contains the error. */
  readonly status: number;

  constructor(
    code: number,
    message: string,
    { status = 200, data }: { status?: number; data?: unknown } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

export const invalidParams = (message: string): RpcError => new RpcError(codes.invalidParams, message);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is RequestId => typeof value === 'string' || typeof value === 'number';

const invalidRequest = (message: string): RpcError =>
  new RpcError(codes.invalidRequest, message, { status: 400 });

/** Converts parsed JSON to a message. Throws `RpcError` if it is not a message of JSON-RPC 2.0. */
export function readMessage(json: unknown): RpcMessage {
  if (!isObject(json)) throw invalidRequest('A message must be a JSON object');
  const { jsonrpc, id, method, params = {} } = json;
  if (jsonrpc !== '2.0') throw invalidRequest('The member jsonrpc must be "2.0"');
  if (method === undefined && ('result' in json || 'error' in json)) return { kind: 'response' };
  if (typeof method !== 'string') throw invalidRequest('The member method must be a string');
  if (!isObject(params)) throw invalidRequest('The member params must be an object');
  if (!('id' in json)) return { kind: 'notification', notification: { method, params } };
  if (!isId(id)) throw invalidRequest('The member id must be a string or a number');
  return { kind: 'request', request: { id, method, params } };
}

/** Parses a JSON text. Throws `RpcError` if it is not valid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RpcError(codes.parse, `The body is not JSON: ${(error as Error).message}`, { status: 400 });
  }
}

export interface RpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: RequestId | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export const resultOf = (id: RequestId, result: unknown): RpcResponse => ({ jsonrpc: '2.0', id, result });

/** The maximum length of an error's message, which may repeat names from the request, in characters. */
const MAX_MESSAGE = 2_000;

export function errorOf(id: RequestId | null, { code, message: whole, data }: RpcError): RpcResponse {
  const message = whole.length > MAX_MESSAGE ? `${whole.slice(0, MAX_MESSAGE)}…` : whole;
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}
