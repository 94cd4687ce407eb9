/**
 * Creates X.509 certificates (RFC 5280) with P-256 keys: those of a local certificate authority, and the server
 * certificates that the authority signs. Implements only the parts of X.509 that these certificates use.
 */
import { createHash, generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import {
  bitString,
  boolean,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts';

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** A key pair with its certificate. */
export interface Identity {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The common name of the subject of the certificate. */
  readonly name: string;
  /** The certificate in PEM. */
  readonly certificate: string;
}

export interface CertificateRequest {
  /** The common name of the subject of the certificate. */
  readonly name: string;
  /**
   * The host names and IP addresses for which the certificate is valid; with an empty list, the certificate is
   * that of an authority.
   */
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The key pair of the certificate's subject; when absent, a new pair is generated. */
  readonly keys?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  /** Returns the given number of unpredictable octets. */
  readonly randomBytes: (size: number) => Buffer;
}

const distinguishedName = (name: string): Buffer =>
  sequence(set(sequence(oid(OID.commonName), utf8String(name))));

/** Returns the key identifier: the SHA-1 digest of the public key's bits (RFC 5280 §4.2.1.2, method 1). */
function keyId(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return createHash('sha1').update(point).digest();
}

function ipOctets(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(8 - groups(head).length - after.length).fill('0');
  return Buffer.from(
    [...groups(head), ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''),
    'hex',
  );
}

const generalName = (host: string): Buffer =>
  isIPv4(host) || isIPv6(host) ? tagged(0x87, ipOctets(host)) : tagged(0x82, Buffer.from(host, 'latin1'));

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function extensions({ hosts }: CertificateRequest, publicKey: KeyObject, issuerKey: KeyObject): Buffer {
  const authority = hosts.length === 0;
  const usage = authority
    ? bitString(Buffer.from([0b0000_0110]), 1) // Key usage bits keyCertSign and cRLSign.
    : bitString(Buffer.from([0b1000_0000]), 7); // Key usage bit digitalSignature.
  const list = [
    extension(OID.basicConstraints, true, authority ? sequence(boolean(true)) : sequence()),
    extension(OID.keyUsage, true, usage),
    extension(OID.subjectKeyId, false, octetString(keyId(publicKey))),
    extension(OID.authorityKeyId, false, sequence(tagged(0x80, keyId(issuerKey)))),
    ...(authority
      ? []
      : [
          extension(OID.extKeyUsage, false, sequence(oid(OID.serverAuth))),
          extension(OID.subjectAltName, false, sequence(...hosts.map(generalName))),
        ]),
  ];
  return tagged(0xa3, sequence(...list));
}

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Creates a key pair and a certificate that `issuer` signs; without an issuer, the certificate is self-signed. */
export async function issue(request: CertificateRequest, issuer?: Identity): Promise<Identity> {
  const { privateKey, publicKey } =
    request.keys ?? (await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' }));
  const signer = issuer?.privateKey ?? privateKey;
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = request.randomBytes(16);
  // The serial number must be positive, and its first octet must not be 0, because DER would drop that octet.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const certificate = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    distinguishedName(issuer?.name ?? request.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(request, publicKey, issuer?.publicKey ?? publicKey),
  );
  const signature = sign('sha256', certificate, signer);
  return {
    privateKey,
    publicKey,
    name: request.name,
    certificate: pem(sequence(certificate, algorithm, bitString(signature))),
  };
}

export const privateKeyPem = ({ privateKey }: Identity): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
