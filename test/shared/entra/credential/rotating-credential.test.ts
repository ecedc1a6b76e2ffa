import { expect, test, vi } from 'vitest';
import { createRecordCredential } from '../../../../shared/audit/record-credential.ts';
import type { RecordEvent } from '../../../../shared/audit/record-event.ts';
import type {
  ClientAuthentication,
  ClientProof,
} from '../../../../shared/entra/credential/client-credential.ts';
import type { CredentialVerdict } from '../../../../shared/entra/credential/home-tenant.ts';
import { createRotatingCredential } from '../../../../shared/entra/credential/rotating-credential.ts';
import { toSecretVersion } from '../../../../shared/entra/credential/secret.ts';
import type { VersionInfo } from '../../../../shared/entra/credential/versions.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import type { Failure } from '../../../../shared/tokens/failure.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

const ENDPOINT = 'https://login.example/x/oauth2/v2.0/token';
const REJECTED = { cause: 'credential_rejected', entraCode: 7000215 } as const;
const MISCONFIGURED = { cause: 'client_misconfigured', entraCode: 650059 } as const;

/** A vault that holds `old`; Entra's home tenant accepts what is in `good`. */
function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const metrics = createMeter();
  const good = new Map<string, CredentialVerdict>([['old', 'accepted']]);
  const vault: VersionInfo[] = [toInfo('old', clock.now())];
  const list = vi.fn((): Promise<readonly VersionInfo[]> => Promise.resolve([...vault]));
  const read = vi.fn((version: string) =>
    Promise.resolve(version === 'disabled' ? undefined : { value: version }),
  );
  const prove = vi.fn(async (present: (endpoint: string) => Promise<ClientProof>) => {
    const { client_secret = '' } = await present(ENDPOINT);
    return good.get(client_secret) ?? 'refused';
  });
  const recordEvent = vi.fn<RecordEvent>().mockResolvedValue();
  const credential = createRotatingCredential({
    kind: 'secret',
    record: createRecordCredential({ recordEvent, log }),
    versions: { list, read },
    toVersion: toSecretVersion,
    prove,
    metrics,
    log,
    now: clock.now,
  });
  const add = (version: string, verdict?: CredentialVerdict) => {
    vault.unshift(toInfo(version, clock.now()));
    if (verdict) good.set(version, verdict);
  };
  const refuse = (refused: ClientAuthentication, failure: Failure = REJECTED, tenantId = TENANT) =>
    credential.handleRefusal(refused, { failure, tenantId });
  const show = async () => (await credential.authenticate(ENDPOINT)).proof.client_secret;
  return {
    clock,
    log,
    metrics,
    list,
    read,
    prove,
    credential,
    recordEvent,
    add,
    show,
    refuse,
    good,
  };
}

type TestEnvironment = ReturnType<typeof setUp>;

function toInfo(version: string, createdAt: number): VersionInfo {
  return { version, createdAt, expiresAt: createdAt + 20 * 24 * HOUR };
}

test('the first version is taken on trust, by one look at the vault for all', async () => {
  const { show, list, prove } = setUp();
  expect(await Promise.all([show(), show(), show()])).toEqual(['old', 'old', 'old']);
  expect(await show()).toBe('old');
  expect([list.mock.calls.length, prove.mock.calls.length]).toEqual([1, 0]);
});

test('our secret or certificate was rotated in Key Vault: within 5 min, once the home tenant accepts it', async () => {
  const { show, add, clock, prove } = setUp();
  await show();
  add('new', 'accepted');
  clock.pass(5 * MINUTE);
  expect(await Promise.all([show(), show()])).toEqual(['new', 'new']);
  expect(prove).toHaveBeenCalledTimes(1);
});

test('a new version that the home tenant refuses is left alone for ten minutes', async () => {
  const { show, add, clock, prove, log } = setUp();
  await show();
  add('wrong');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
  expect(prove).toHaveBeenCalledTimes(1);
  expect(log.lines).toContainEqual({
    level: 'warn',
    event: 'credential.not_accepted',
    fields: { kind: 'secret', version: 'wrong', verdict: 'refused' },
  });
});

test('the new secret is wrong, or the new certificate has not spread: it is tried again after 10 min', async () => {
  const { show, add, clock } = setUp();
  await show();
  add('new');
  clock.pass(5 * MINUTE);
  await show();
  add('new', 'accepted');
  clock.pass(10 * MINUTE);
  expect(await show()).toBe('new');
});

test('a new version of which the home tenant says nothing replaces no working one', async () => {
  const { show, add, clock } = setUp();
  await show();
  add('new', 'unknown');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
});

test('a refused version gives way to the one before, and to the newest again later', async () => {
  const { show, add, clock, credential, good, refuse } = setUp();
  add('new', 'refused');
  const refused = await credential.authenticate(ENDPOINT);
  expect(refused.proof).toEqual({ client_secret: 'new' });
  expect(await refuse(refused)).toBe('renewed');
  expect(await show()).toBe('old');
  good.set('new', 'accepted');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('new');
});

test('many refusals at once are one look at the vault and one proof of each version', async () => {
  const { add, list, prove, credential, refuse } = setUp();
  add('wrong');
  const refused = await credential.authenticate(ENDPOINT);
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => refuse(refused)));
  expect(new Set(outcomes)).toEqual(new Set(['renewed']));
  expect(await refuse(refused)).toBe('renewed');
  expect([list.mock.calls.length, prove.mock.calls.length]).toEqual([2, 2]);
});

test('the version before is in memory when the vault is out of reach', async () => {
  const { show, add, clock, list, credential, good, refuse } = setUp();
  await show();
  add('new', 'accepted');
  clock.pass(5 * MINUTE);
  const refused = await credential.authenticate(ENDPOINT);
  list.mockRejectedValue(new Error('down'));
  good.set('new', 'refused');
  expect(await refuse(refused)).toBe('renewed');
  expect(await show()).toBe('old');
});

test('a version that the home tenant says nothing about is better than one that it refuses', async () => {
  const { show, add, credential, good, refuse } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  good.set('old', 'refused');
  add('new', 'unknown');
  expect(await refuse(refused)).toBe('renewed');
  expect(await show()).toBe('new');
});

test('without another version a refused one stops all requests for half a minute', async () => {
  const { credential, clock, show, good, refuse } = setUp();
  good.set('old', 'refused');
  const refused = await credential.authenticate(ENDPOINT);
  expect(await refuse(refused)).toBe('confirmed');
  await expect(show()).rejects.toMatchObject({ failure: { ...REJECTED, retryAfterMs: 30_000 } });
  clock.pass(30 * SECOND);
  expect(await show()).toBe('old');
});

test.each([REJECTED, MISCONFIGURED])(
  '$cause in one tenant is no proof while the home tenant accepts us',
  async (failure) => {
    const { show, add, credential, refuse } = setUp();
    const refused = await credential.authenticate(ENDPOINT);
    add('new', 'accepted');
    expect(await refuse(refused, failure)).toBe('unconfirmed');
    expect(await show()).toBe('old');
  },
);

test('a registration that the home tenant refuses too stops all requests, without another version', async () => {
  const { show, add, credential, good, refuse } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  add('new', 'accepted');
  good.set('old', 'refused');
  expect(await refuse(refused, MISCONFIGURED)).toBe('confirmed');
  await expect(show()).rejects.toMatchObject({ failure: MISCONFIGURED });
});

/** Tenants that are not related. */
const THIRD_TENANT = '7d4b9e3a-b2f6-4e8d-8c73-5b3a8c9f4db2';

test('with the home tenant silent, three tenants that refuse us alike are proof', async () => {
  const { credential, good, refuse, show } = setUp();
  good.set('old', 'unknown');
  const refused = await credential.authenticate(ENDPOINT);
  const outcomes = [];
  for (const tenant of [TENANT, TENANT, OTHER_TENANT, THIRD_TENANT]) {
    outcomes.push(await refuse(refused, REJECTED, tenant));
  }
  expect(outcomes).toEqual(['unconfirmed', 'unconfirmed', 'unconfirmed', 'confirmed']);
  await expect(show()).rejects.toMatchObject({ failure: REJECTED });
});

test.each([
  [
    'one of them is served meanwhile',
    ({ credential }: TestEnvironment) => credential.noteAccepted(),
  ],
  ['five minutes lie between them', ({ clock }: TestEnvironment) => clock.pass(5 * MINUTE)],
  [
    'the others refuse us for another cause',
    ({ credential }: TestEnvironment) => {
      for (const tenantId of [TENANT, OTHER_TENANT]) {
        const refusal = { failure: MISCONFIGURED, tenantId };
        void credential.handleRefusal({ version: 'old', proof: {} }, refusal);
      }
    },
  ],
])('three tenants that refuse us are no proof when %s', async (_, between) => {
  const environment = setUp();
  const { good, credential, refuse } = environment;
  good.set('old', 'unknown');
  const refused = await credential.authenticate(ENDPOINT);
  await refuse(refused, REJECTED, TENANT);
  await refuse(refused, REJECTED, OTHER_TENANT);
  between(environment);
  expect(await refuse(refused, REJECTED, THIRD_TENANT)).toBe('unconfirmed');
});

test('what a browser brought about is counted as no tenant', async () => {
  const { credential, good } = setUp();
  good.set('old', 'unknown');
  const refused = await credential.authenticate(ENDPOINT);
  const refusal = { failure: REJECTED, tenantId: undefined };
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => credential.handleRefusal(refused, refusal)),
  );
  expect(new Set(outcomes)).toEqual(new Set(['unconfirmed']));
});

test('however many tenants refuse us, the home tenant is asked once in five seconds', async () => {
  const { credential, prove, refuse, clock } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  for (const tenant of [TENANT, OTHER_TENANT, THIRD_TENANT])
    await refuse(refused, REJECTED, tenant);
  expect(prove).toHaveBeenCalledTimes(1);
  clock.pass(5 * SECOND);
  await refuse(refused);
  expect(prove).toHaveBeenCalledTimes(2);
});

test('a version that is disabled in mid-flight is survived', async () => {
  const { show, add, clock } = setUp();
  await show();
  add('disabled');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
});

test('a vault that is down is asked again after half a minute, and nobody notices', async () => {
  const { show, clock, list } = setUp();
  await show();
  list.mockRejectedValue(new Error('down'));
  clock.pass(5 * MINUTE);
  expect([await show(), await show()]).toEqual(['old', 'old']);
  clock.pass(30 * SECOND);
  await show();
  expect(list).toHaveBeenCalledTimes(3);
});

test('without any version requests are held for five seconds', async () => {
  const { credential, list, clock, show } = setUp();
  list.mockResolvedValueOnce([]);
  for (const retryAfterMs of [undefined, 5 * SECOND]) {
    await expect(credential.authenticate(ENDPOINT)).rejects.toMatchObject({
      failure: { cause: 'credential_unavailable', ...(retryAfterMs && { retryAfterMs }) },
    });
  }
  expect(list).toHaveBeenCalledTimes(1);
  clock.pass(5 * SECOND);
  expect(await show()).toBe('old');
});

test('operators see the age and end of the version in use, and what is wrong with others', async () => {
  const { credential, add, clock, show } = setUp();
  const createdAt = clock.now();
  await show();
  expect(credential.describe()).toEqual({
    kind: 'secret',
    createdAt,
    expiresAt: createdAt + 20 * 24 * HOUR,
    problems: [],
  });
  add('');
  clock.pass(5 * MINUTE);
  await show();
  expect(credential.describe().problems).toEqual(['The client secret is empty: store its value.']);
});

test('our credential ends within 30 days: it is logged once a day', async () => {
  const { clock, show, log } = setUp();
  for (let hour = 0; hour <= 25; hour++) {
    await show();
    clock.pass(HOUR);
  }
  const warnings = log.lines.filter(({ event }) => event === 'credential.expiring');
  expect(warnings.map(({ fields }) => fields)).toEqual([
    { kind: 'secret', version: 'old', days_left: 20 },
    { kind: 'secret', version: 'old', days_left: 19 },
  ]);
});

test('the days until the version in use ends are measured', async () => {
  const { show, metrics, clock } = setUp();
  await show();
  clock.pass(3 * 24 * HOUR);
  await show();
  expect(metrics.take()).toMatchObject([
    { name: 'credential.days_left', value: 17, attributes: { kind: 'secret' } },
  ]);
});

test('the ledger is told what was put into Key Vault and came into use, and what Entra refused', async () => {
  const { show, add, clock, credential, recordEvent, good, refuse } = setUp();
  await show();
  clock.pass(5 * MINUTE);
  add('new', 'accepted');
  const renewed = { actor: 'broker', detail: 'secret', subject: 'new', correlationId: 'new' };
  const refused = await credential.authenticate(ENDPOINT);
  good.set('new', 'refused');
  await refuse(refused);
  expect(recordEvent.mock.calls.map(([act]) => act)).toEqual([
    expect.objectContaining({ act: 'credential.put', subject: 'old', at: createClock().now() }),
    expect.objectContaining({
      ...renewed,
      act: 'credential.put',
      at: createClock().now() + 5 * MINUTE,
      once: 'credential.put|secret|new',
    }),
    expect.objectContaining({ act: 'credential.put', subject: 'old' }),
    { ...renewed, act: 'credential.refused' },
  ]);
});

test('a ledger that is down stops no credential', async () => {
  const { show, recordEvent, log } = setUp();
  recordEvent.mockRejectedValue(new Error('down'));
  expect(await show()).toBe('old');
  expect(log.lines.map(({ event }) => event)).toContain('credential.not_recorded');
});
