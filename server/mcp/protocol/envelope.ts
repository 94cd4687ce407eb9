/**
 * Determines the revision of the protocol to which a request by HTTP belongs, and compares its header fields with
 * its body (2026-07-28, "Streamable HTTP", "Standard Request Headers").
 */
import type { IncomingHttpHeaders } from 'node:http';
import { codes, isObject, RpcError, type RpcRequest } from './json-rpc.ts';
import { isVersion, STATELESS, UNNAMED, versions, type Version } from './versions.ts';

const META_VERSION = 'io.modelcontextprotocol/protocolVersion';
const META_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/** The member of `params` that the field Mcp-Name repeats, by method. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** The header fields of the protocol; an absent field is `undefined`. */
export interface ProtocolFields {
  readonly version: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

export function protocolFields(headers: IncomingHttpHeaders): ProtocolFields {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return { version: one('mcp-protocol-version'), method: one('mcp-method'), name: one('mcp-name') };
}

/** Encodes the value of a header field if it is not plain ASCII, or if it looks like an encoded value. */
const encodeField = (value: string): string =>
  /^[\x20-\x7e]*$/.test(value) && value.trim() === value && !value.startsWith('=?')
    ? value
    : `=?base64?${Buffer.from(value).toString('base64')}?=`;

/**
 * Returns the header fields that a client sends with a message. They are empty for a message of a revision before
 * 2026-07-28: the only field of such a message is the revision that the server returned for `initialize`.
 */
export function fieldsFor({ method, params }: Pick<RpcRequest, 'method' | 'params'>): Record<string, string> {
  const version = bodyVersion({ params });
  if (version === undefined) return {};
  const member = Object.hasOwn(NAMED_BY, method) ? NAMED_BY[method] : undefined;
  const name = member === undefined ? undefined : params[member];
  return {
    'mcp-protocol-version': version,
    'mcp-method': encodeField(method),
    ...(typeof name === 'string' ? { 'mcp-name': encodeField(name) } : {}),
  };
}

const mismatch = (message: string): RpcError =>
  new RpcError(codes.headerMismatch, `Header mismatch: ${message}`, { status: 400 });

const unsupported = (requested: string): RpcError =>
  new RpcError(
    codes.unsupportedVersion,
    `The protocol version ${requested} is not supported; supported: ${versions.join(', ')}`,
    { status: 400, data: { supported: versions, requested } },
  );

/** Decodes the value of a header field. A value that is not plain ASCII is encoded as `=?base64?…?=`. */
function decodeField(value: string): string {
  const encoded = /^=\?base64\?([^?]*)\?=$/i.exec(value)?.[1];
  return encoded === undefined ? value : Buffer.from(encoded, 'base64').toString();
}

function checkFields(fields: ProtocolFields, { method, params }: RpcRequest, version: string): void {
  if (fields.version === undefined) throw mismatch('the field MCP-Protocol-Version is missing');
  if (fields.version !== version) {
    throw mismatch(`MCP-Protocol-Version is ${fields.version}, but the body names ${version}`);
  }
  if (!isVersion(version)) throw unsupported(version);
  if (fields.method === undefined) throw mismatch('the field Mcp-Method is missing');
  if (decodeField(fields.method) !== method)
    throw mismatch(`Mcp-Method is ${fields.method}, but the method is ${method}`);
  const member = Object.hasOwn(NAMED_BY, method) ? NAMED_BY[method] : undefined;
  const name = member === undefined ? undefined : params[member];
  if (typeof name !== 'string') return;
  if (fields.name === undefined) throw mismatch('the field Mcp-Name is missing');
  if (decodeField(fields.name) !== name)
    throw mismatch(`Mcp-Name is ${fields.name}, but params.${member} is ${name}`);
}

/**
 * Returns the revision that the body of a request names; `undefined` for a request of a revision before
 * 2026-07-28.
 */
function bodyVersion({ params }: Pick<RpcRequest, 'params'>): string | undefined {
  const meta = params['_meta'];
  const named = isObject(meta) ? meta[META_VERSION] : undefined;
  return typeof named === 'string' ? named : undefined;
}

/** Returns the revision of a request by HTTP. Throws `RpcError` if header and body disagree, or for an unknown revision. */
export function versionOf(fields: ProtocolFields, request: RpcRequest): Version {
  if (request.method === 'initialize') return UNNAMED;
  const named = bodyVersion(request);
  if (named !== undefined) {
    checkFields(fields, request, named);
    return statelessVersion(request, named);
  }
  const { version = UNNAMED } = fields;
  if (!isVersion(version)) throw unsupported(version);
  if (version !== STATELESS) return version;
  throw new RpcError(codes.invalidParams, `params._meta must contain ${META_VERSION}`, { status: 400 });
}

function statelessVersion({ params }: RpcRequest, named: string): Version {
  if (named !== STATELESS) throw unsupported(named);
  const meta = params['_meta'];
  if (!isObject(meta) || !isObject(meta[META_CAPABILITIES])) {
    throw new RpcError(codes.invalidParams, `params._meta must contain ${META_CAPABILITIES}`, {
      status: 400,
    });
  }
  return STATELESS;
}
