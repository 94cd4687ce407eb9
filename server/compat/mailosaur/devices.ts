/** The calls for virtual security devices, which generate one-time passwords from a shared secret. */
import { randomUUID } from 'node:crypto';
import type { RecordSet } from '../../store/store.ts';
import { jsonAnswer, type Answer } from '../answer.ts';
import { parseMembers, readBody, textIn } from '../body.ts';
import type { CompatDeps, Handler } from '../call.ts';
import { DONE, FieldError, notFound } from './errors.ts';
import { decodeSecret, oneTimePassword } from './totp.ts';

interface Device {
  readonly name: string;
  readonly sharedSecret: string;
}

const recordsOf = ({ store }: CompatDeps): RecordSet<Device> =>
  store.records.collection<Device>('mailosaur-devices');

function secretIn(text: string): Buffer {
  const secret = decodeSecret(text);
  if (secret === null)
    throw new FieldError(
      'sharedSecret',
      'The shared secret must be a text in Base32, such as ONSWG4TFOQYTEMY=',
    );
  return secret;
}

function codeAnswer({ clock }: CompatDeps, secret: Buffer): Answer {
  const { code, expires } = oneTimePassword(secret, clock());
  return jsonAnswer({ code, expires: new Date(expires).toISOString() });
}

export const listDevices: Handler = async (deps) => {
  const devices = await recordsOf(deps).list();
  return jsonAnswer({ items: devices.map(({ key, value }) => ({ id: key, name: value.name })) });
};

export const createDevice: Handler = async (deps, { request }) => {
  const members = parseMembers(await readBody(request));
  const name = textIn(members, 'name').trim();
  if (name === '') throw new FieldError('name', 'Please provide a name for your device');
  const sharedSecret = textIn(members, 'sharedSecret');
  secretIn(sharedSecret);
  // Clients recognize the id of a device by the dash, which no secret in Base32 contains.
  const id = randomUUID();
  await recordsOf(deps).put(id, { name, sharedSecret });
  return jsonAnswer({ id, name });
};

export const deleteDevice: Handler = async (deps, { params }) => {
  if (!(await recordsOf(deps).delete(params['id'] ?? ''))) throw notFound();
  return DONE;
};

export const getDeviceCode: Handler = async (deps, { params }) => {
  const device = await recordsOf(deps).get(params['id'] ?? '');
  if (device === undefined) throw notFound();
  return codeAnswer(deps, secretIn(device.sharedSecret));
};

export const getSecretCode: Handler = async (deps, { request }) =>
  codeAnswer(deps, secretIn(textIn(parseMembers(await readBody(request)), 'sharedSecret')));
