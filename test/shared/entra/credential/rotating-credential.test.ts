import { expect, test, vi } from 'vitest';
import type { RecordAct } from '../../../../shared/audit/record-act.ts';
import { createRecordCredential } from '../../../../shared/audit/record-credential.ts';
import type { ClientProof } from '../../../../shared/entra/credential/client-credential.ts';
import type { Verdict } from '../../../../shared/entra/credential/home-tenant.ts';
import { createRotatingCredential } from '../../../../shared/entra/credential/rotating-credential.ts';
import { toSecretVersion } from '../../../../shared/entra/credential/secret.ts';
import type { VersionInfo } from '../../../../shared/entra/credential/versions.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';

const ENDPOINT = 'https://login.example/x/oauth2/v2.0/token';
const REJECTED = { cause: 'credential_rejected', entraCode: 7000215 } as const;
const STRANGE = { cause: 'unexpected_answer' } as const;

/** A vault that holds `old`; Entra's home tenant accepts what is in `good`. */
function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const metrics = createMeter();
  const good = new Map<string, Verdict>([['old', 'accepted']]);
  const vault: VersionInfo[] = [toInfo('old', clock.now())];
  const list = vi.fn((): Promise<readonly VersionInfo[]> => Promise.resolve([...vault]));
  const read = vi.fn((version: string) =>
    Promise.resolve(version === 'disabled' ? undefined : { value: version }),
  );
  const prove = vi.fn(async (present: (endpoint: string) => Promise<ClientProof>) => {
    const { client_secret = '' } = await present(ENDPOINT);
    return good.get(client_secret) ?? 'refused';
  });
  const recordAct = vi.fn<RecordAct>().mockResolvedValue();
  const credential = createRotatingCredential({
    kind: 'secret',
    record: createRecordCredential({ recordAct, log }),
    versions: { list, read },
    toVersion: toSecretVersion,
    prove,
    metrics,
    log,
    now: clock.now,
  });
  const add = (version: string, verdict?: Verdict) => {
    vault.unshift(toInfo(version, clock.now()));
    if (verdict) good.set(version, verdict);
  };
  const show = async () => (await credential.authenticate(ENDPOINT)).proof.client_secret;
  return { clock, log, metrics, list, read, prove, credential, recordAct, add, show };
}

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
  const { show, add, clock, credential } = setUp();
  add('new', 'accepted');
  const refused = await credential.authenticate(ENDPOINT);
  expect(refused.proof).toEqual({ client_secret: 'new' });
  expect(await credential.renew(refused, REJECTED)).toBe(true);
  expect(await show()).toBe('old');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('old');
  clock.pass(5 * MINUTE);
  expect(await show()).toBe('new');
});

test('many refusals at once are one look at the vault and one proof', async () => {
  const { add, list, prove, credential } = setUp();
  add('wrong');
  const refused = await credential.authenticate(ENDPOINT);
  const renewals = Array.from({ length: 50 }, () => credential.renew(refused, REJECTED));
  expect(new Set(await Promise.all(renewals))).toEqual(new Set([true]));
  expect(await credential.renew(refused, REJECTED)).toBe(true);
  expect([list.mock.calls.length, prove.mock.calls.length]).toEqual([2, 1]);
});

test('the version before is in memory when the vault is out of reach', async () => {
  const { show, add, clock, list, credential } = setUp();
  await show();
  add('new', 'accepted');
  clock.pass(5 * MINUTE);
  const refused = await credential.authenticate(ENDPOINT);
  list.mockRejectedValue(new Error('down'));
  expect(await credential.renew(refused, REJECTED)).toBe(true);
  expect(await show()).toBe('old');
});

test('a version that the home tenant says nothing about is better than a refused one', async () => {
  const { show, add, credential } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  add('new', 'unknown');
  expect(await credential.renew(refused, REJECTED)).toBe(true);
  expect(await show()).toBe('new');
});

test('without another version there is nothing to renew', async () => {
  const { credential } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  expect(await credential.renew(refused, REJECTED)).toBe(false);
});

test("a strange refusal in one tenant is the tenant's when the home tenant accepts us", async () => {
  const { show, add, credential } = setUp();
  const refused = await credential.authenticate(ENDPOINT);
  add('new', 'accepted');
  expect(await credential.renew(refused, STRANGE)).toBe(false);
  expect(await show()).toBe('old');
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

test('what Entra refuses for good is held for half a minute', async () => {
  const { credential, clock, show } = setUp();
  await show();
  credential.hold(REJECTED);
  await expect(show()).rejects.toMatchObject({ failure: { ...REJECTED, retryAfterMs: 30_000 } });
  clock.pass(30 * SECOND);
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
  const { show, add, clock, credential, recordAct } = setUp();
  await show();
  clock.pass(5 * MINUTE);
  add('new', 'accepted');
  const renewed = { actor: 'broker', detail: 'secret', subject: 'new', correlationId: 'new' };
  await credential.renew(await credential.authenticate(ENDPOINT), REJECTED);
  expect(recordAct.mock.calls.map(([act]) => act)).toEqual([
    expect.objectContaining({ act: 'credential.put', subject: 'old', at: createClock().now() }),
    { ...renewed, act: 'credential.put', at: createClock().now() + 5 * MINUTE },
    expect.objectContaining({ act: 'credential.put', subject: 'old' }),
    { ...renewed, act: 'credential.refused', at: undefined },
  ]);
});

test('a ledger that is down stops no credential', async () => {
  const { show, recordAct, log } = setUp();
  recordAct.mockRejectedValue(new Error('down'));
  expect(await show()).toBe('old');
  expect(log.lines.map(({ event }) => event)).toContain('credential.not_recorded');
});
