import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
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

const VALUE = { value: certificate.pem, contentType: undefined };
const convert = createToCertificateVersion({ clientId: CLIENT, now: clock.now });

function toVersion(value: string, contentType: string | undefined = undefined) {
  return convert(INFO, { value, contentType });
}

test('an assertion is signed for one endpoint and five minutes', async () => {
  const { present } = toVersion(certificate.pem, 'application/x-pem-file');
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
  const { present } = toVersion(certificate.pem);
  const [one, two] = [await present(ENDPOINT), await present(ENDPOINT)];
  expect(one.client_assertion).not.toBe(two.client_assertion);
});

test('its end is its own, or what Key Vault says if that is sooner', () => {
  const sooner = LIFE.notAfter - HOUR;
  expect(toVersion(certificate.pem).expiresAt).toBe(LIFE.notAfter);
  expect(convert({ ...INFO, expiresAt: sooner }, VALUE).expiresAt).toBe(sooner);
});

test('of a chain, the certificate of the key is taken', async () => {
  const { present } = toVersion(
    `${certificate.keyPem}${other.certificatePem}${certificate.certificatePem}`,
  );
  const { client_assertion = '' } = await present(ENDPOINT);
  const { publicKey } = new X509Certificate(certificate.certificatePem);
  const currentDate = new Date(clock.now());
  await expect(jwtVerify(client_assertion, publicKey, { currentDate })).resolves.toBeDefined();
});

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const PFX = 'MIIKmAIBAzCC';

const BAD = [
  ['in PFX', PFX, 'stored as PFX: store it as PEM'],
  ['without its key', certificate.certificatePem, 'without its private key: make the key'],
  ['with another key', `${other.keyPem}${certificate.certificatePem}`, 'No certificate belongs'],
  ['with a weak key', createSelfSigned({ ...LIFE, ...weak }).pem, 'RSA of 2048 bits'],
  ['with an elliptic key', createSelfSigned({ ...LIFE, ...curve }).pem, 'RSA of 2048 bits'],
  ['that has expired', createSelfSigned({ ...LIFE, notAfter: clock.now() }).pem, 'has expired'],
  ['that is cut off', certificate.pem.replace(/M/g, '!'), 'can not be read'],
] as const;

test.each(BAD)('a certificate %s is refused by name', (_, value, problem) => {
  expect(() => toVersion(value)).toThrow(problem);
});

test.each(BAD)(
  'a certificate has no key, expired, is PFX or not RSA ≥ 2048: %s, the version before works',
  async (_, value, problem) => {
    const log = createRecordedLog();
    const values = new Map([
      ['bad', value],
      ['good', certificate.pem],
    ]);
    const credential = createRotatingCredential({
      kind: 'certificate',
      versions: {
        list: () => Promise.resolve([...values.keys()].map((version) => ({ ...INFO, version }))),
        read: (version) =>
          Promise.resolve({ value: values.get(version) ?? '', contentType: undefined }),
      },
      toVersion: convert,
      prove: () => Promise.resolve('accepted'),
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

test('what Key Vault calls PFX is refused, whatever it holds', () => {
  const problem = 'stored as PFX: store it as PEM';
  expect(() => toVersion(certificate.pem, 'application/x-pkcs12')).toThrow(problem);
});
