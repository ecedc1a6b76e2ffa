import { KeyObject, randomBytes } from 'node:crypto';
import * as asn1 from 'asn1js';
import * as pkijs from 'pkijs';

/** A key with its certificate for loopback, and the authority that vouches for it; all in PEM. */
interface LoopbackIdentity {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const DAY = 24 * 60 * 60_000;

// The longest that browsers accept of a server's certificate is 398 days; a sandbox lives for
// hours.
const LIFETIME = 30 * DAY;

const IPV4 = new Uint8Array([127, 0, 0, 1]);
const IPV6 = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/** Tags of GeneralName (RFC 5280 section 4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/**
 * Makes an authority and one server certificate for `localhost`, `127.0.0.1` and `::1`. The
 * authority can vouch for nothing else, and its key is gone when this returns: trusting it lets
 * nobody impersonate a real site.
 */
export async function createLoopbackIdentity(now = Date.now()): Promise<LoopbackIdentity> {
  const [root, server] = await Promise.all([generateKeys(), generateKeys()]);
  const issuer = `Sandbox authority ${randomBytes(4).toString('hex')}`;
  const common = { issuer, signer: root.privateKey, now };
  const authority = await issue({
    ...common,
    subject: issuer,
    publicKey: root.publicKey,
    extensions: toAuthorityExtensions(),
  });
  const certificate = await issue({
    ...common,
    subject: 'localhost',
    publicKey: server.publicKey,
    extensions: toServerExtensions(),
  });
  const key = KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: String(key), certificate: toPem(certificate), authority: toPem(authority) };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

interface Wanted {
  readonly issuer: string;
  readonly subject: string;
  readonly signer: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly extensions: readonly pkijs.Extension[];
  readonly now: number;
}

async function issue(wanted: Wanted): Promise<pkijs.Certificate> {
  const { issuer, subject, signer, publicKey, extensions, now } = wanted;
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1.Integer({
    valueHex: Uint8Array.from([1, ...randomBytes(15)]).buffer,
  });
  certificate.issuer.typesAndValues.push(toCommonName(issuer));
  certificate.subject.typesAndValues.push(toCommonName(subject));
  certificate.notBefore.value = new Date(now - DAY);
  certificate.notAfter.value = new Date(now + LIFETIME);
  certificate.extensions = [...extensions];
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  await certificate.sign(signer, 'SHA-256');
  return certificate;
}

function toAuthorityExtensions(): readonly pkijs.Extension[] {
  const permittedSubtrees = [
    new pkijs.GeneralName({ type: DNS_NAME, value: 'localhost' }),
    toAddress(IPV4, new Uint8Array(4).fill(255)),
    toAddress(IPV6, new Uint8Array(16).fill(255)),
  ].map((base) => new pkijs.GeneralSubtree({ base }));
  return [
    toExtension('2.5.29.19', new pkijs.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    toExtension('2.5.29.15', toKeyUsage(0b0000_0100)),
    toExtension('2.5.29.30', new pkijs.NameConstraints({ permittedSubtrees })),
  ];
}

function toServerExtensions(): readonly pkijs.Extension[] {
  const altNames = [
    new pkijs.GeneralName({ type: DNS_NAME, value: 'localhost' }),
    toAddress(IPV4),
    toAddress(IPV6),
  ];
  return [
    toExtension('2.5.29.15', toKeyUsage(0b1000_0000)),
    toExtension('2.5.29.37', new pkijs.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] })),
    toExtension('2.5.29.17', new pkijs.AltName({ altNames })),
  ];
}

function toExtension(
  extnID: string,
  value: { toSchema(): asn1.AsnType } | asn1.BitString,
): pkijs.Extension {
  const schema = value instanceof asn1.BitString ? value : value.toSchema();
  const critical = extnID !== '2.5.29.17' && extnID !== '2.5.29.37';
  return new pkijs.Extension({ extnID, critical, extnValue: schema.toBER() });
}

/** The first bits of KeyUsage: digitalSignature is the highest, keyCertSign the sixth. */
function toKeyUsage(bits: number): asn1.BitString {
  return new asn1.BitString({ valueHex: Uint8Array.from([bits]).buffer });
}

function toAddress(...parts: readonly Uint8Array[]): pkijs.GeneralName {
  const valueHex = Uint8Array.from(parts.flatMap((part) => [...part])).buffer;
  return new pkijs.GeneralName({
    type: IP_ADDRESS,
    value: new asn1.OctetString({ valueHex }),
  });
}

function toCommonName(value: string): pkijs.AttributeTypeAndValue {
  return new pkijs.AttributeTypeAndValue({
    type: '2.5.4.3',
    value: new asn1.Utf8String({ value }),
  });
}

function toPem(certificate: pkijs.Certificate): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
