import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { toPfx } from '../../../../local/key-vault/pfx.ts';
import { createSelfSigned } from '../../../../local/key-vault/self-signed.ts';
import { createToCertificateVersion } from '../../../../shared/entra/credential/certificate.ts';
import { createRotatingCredential } from '../../../../shared/entra/credential/rotating-credential.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createClock, HOUR } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { CLIENT } from '../../../support/tokens.ts';

const ENDPOINT = 'https://login.example/tenant/oauth2/v2.0/token';
const INFO = { version: 'one', createdAt: 0, expiresAt: undefined };
const clock = createClock();
const LIFE = {
  commonName: 'broker',
  notBefore: clock.now() - HOUR,
  notAfter: clock.now() + 24 * HOUR,
};
const certificate = createSelfSigned(LIFE);
const other = createSelfSigned(LIFE);

const convert = createToCertificateVersion({ clientId: CLIENT, now: clock.now });

function toVersion(value: string, info = {}) {
  return convert({ ...INFO, ...info }, { value });
}

/** A container that openssl made; the keys serve these tests only. */
function readContainer(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, `pfx/${name}.txt`), 'utf8');
}

test('an assertion is signed for one endpoint and five minutes', async () => {
  const { present } = await toVersion(certificate.pem);
  const { client_assertion = '', client_assertion_type } = await present(ENDPOINT);
  const { raw, publicKey } = new X509Certificate(certificate.certificatePem);
  const currentDate = new Date(clock.now());
  const { payload } = await jwtVerify(client_assertion, publicKey, { currentDate });
  const now = clock.now() / 1000;
  expect(client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  expect(decodeProtectedHeader(client_assertion)).toEqual({
    alg: 'PS256',
    typ: 'JWT',
    'x5t#S256': createHash('sha256').update(raw).digest('base64url'),
  });
  expect(payload).toEqual({
    iss: CLIENT,
    sub: CLIENT,
    aud: ENDPOINT,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    iat: now,
    nbf: now,
    exp: now + 300,
  });
});

test('no two assertions are alike', async () => {
  const { present } = await toVersion(certificate.pem);
  const [one, two] = [await present(ENDPOINT), await present(ENDPOINT)];
  expect(one.client_assertion).not.toBe(two.client_assertion);
});

test('its end is its own, or what Key Vault says if that is sooner', async () => {
  const expiresAt = LIFE.notAfter - HOUR;
  expect(await toVersion(certificate.pem)).toMatchObject({ expiresAt: LIFE.notAfter });
  expect(await toVersion(certificate.pem, { expiresAt })).toMatchObject({ expiresAt });
});

test('of a chain, the certificate of the key is taken', async () => {
  const { present } = await toVersion(
    `${certificate.keyPem}${other.certificatePem}${certificate.certificatePem}`,
  );
  const { client_assertion = '' } = await present(ENDPOINT);
  const { publicKey } = new X509Certificate(certificate.certificatePem);
  const currentDate = new Date(clock.now());
  await expect(jwtVerify(client_assertion, publicKey, { currentDate })).resolves.toBeDefined();
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const BAD = [
  ['without its key', certificate.certificatePem, 'without its private key: make the key'],
  ['with another key', `${other.keyPem}${certificate.certificatePem}`, 'No certificate belongs'],
  ['with a weak key', createSelfSigned({ ...LIFE, ...weak }).pem, 'RSA of 2048 bits'],
  ['with an elliptic key', createSelfSigned({ ...LIFE, ...curve }).pem, 'RSA of 2048 bits'],
  ['that has expired', createSelfSigned({ ...LIFE, notAfter: clock.now() }).pem, 'has expired'],
  ['that is cut off', certificate.pem.replace(/M/g, '!'), 'can not be read'],
  ['of nothing', '', 'can not be read: store it as PFX in base64, or as unencrypted PEM'],
  ['of other bytes', 'MIIKmAIBAzCC', 'can not be read: store it as PFX in base64'],
] as const;

test.each(BAD)('a certificate %s is refused by name', async (_, value, problem) => {
  await expect(toVersion(value)).rejects.toThrow(problem);
});

test.each(['aes256', 'triple-des', 'sha512', 'plain', 'null-password'])(
  'the key and certificate of a PFX are found: %s',
  async (name) => {
    const { present, expiresAt } = await toVersion(await readContainer(name));
    const { client_assertion = '' } = await present(ENDPOINT);
    const { 'x5t#S256': thumbprint } = decodeProtectedHeader(client_assertion);
    expect(thumbprint).toBe('mbnIHl55y3z_BYwM1vGquzCqK28TTwKaxi_j7iLIrZ4');
    expect(expiresAt).toBeGreaterThan(Date.UTC(2120, 0));
  },
);

test('an assertion by the key of a PFX verifies with its certificate', async () => {
  const { present } = await toVersion(await toPfx(certificate));
  const { client_assertion = '' } = await present(ENDPOINT);
  const { publicKey } = new X509Certificate(certificate.certificatePem);
  const currentDate = new Date(clock.now());
  await expect(jwtVerify(client_assertion, publicKey, { currentDate })).resolves.toBeDefined();
});

const BAD_PFX = [
  ['with a password', 'password', 'needs a password, or is damaged: import it into Key Vault'],
  ['under RC2', 'rc2', 'not supported: export it with AES-256, or store it as PEM'],
  ['without a key', 'no-key', 'without its private key: make the key exportable'],
  ['with an elliptic key', 'curve', 'RSA of 2048 bits'],
] as const;

test.each(BAD_PFX)('a PFX %s is refused by name', async (_, name, problem) => {
  await expect(toVersion(await readContainer(name))).rejects.toThrow(problem);
});

test('a PFX that has expired is refused by name', async () => {
  const expired = createSelfSigned({ ...LIFE, notAfter: clock.now() });
  await expect(toVersion(await toPfx(expired))).rejects.toThrow('has expired: put a new version');
});

test('a PFX with a flipped bit, or cut short, is refused wherever it is', async () => {
  const whole = Buffer.from(await readContainer('aes256'), 'base64');
  const places = Array.from({ length: 40 }, (_, i) => i * Math.floor(whole.length / 40));
  const flipped = places.map((at) => whole.map((byte, i) => (i === at ? byte ^ 1 : byte)));
  const damaged = [...flipped, ...places.map((at) => whole.subarray(0, at))];
  const outcomes = await Promise.allSettled(
    damaged.map((bytes) => toVersion(Buffer.from(bytes).toString('base64'))),
  );
  const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.name);
  expect(new Set(reasons)).toEqual(new Set(['UnusableVersion']));
});

test.each([
  ...BAD.map(([name, value, problem]) => [name, Promise.resolve(value), problem] as const),
  ...BAD_PFX.map(([name, file, problem]) => [name, readContainer(file), problem] as const),
])(
  'a certificate has no key, expired, is not RSA ≥ 2048, or its PFX needs a password: %s, the version before works',
  async (_, value, problem) => {
    const log = createRecordedLog();
    const values = new Map([
      ['bad', await value],
      ['good', certificate.pem],
    ]);
    const credential = createRotatingCredential({
      kind: 'certificate',
      versions: {
        list: () => Promise.resolve([...values.keys()].map((version) => ({ ...INFO, version }))),
        read: (version) => Promise.resolve({ value: values.get(version) ?? '' }),
      },
      toVersion: convert,
      prove: () => Promise.resolve('accepted'),
      record: () => Promise.resolve(),
      metrics: createMeter(),
      log,
      now: clock.now,
    });
    expect(await credential.authenticate(ENDPOINT)).toMatchObject({ version: 'good' });
    expect(log.lines).toContainEqual({
      level: 'error',
      event: 'credential.unusable',
      fields: { version: 'bad', problem: expect.stringContaining(problem) },
    });
  },
);
