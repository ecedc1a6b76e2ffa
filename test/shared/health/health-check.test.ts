import { expect, test, vi } from 'vitest';
import { BrokerError } from '../../../shared/errors.ts';
import { createHealthCheck } from '../../../shared/health/health-check.ts';
import { createCredentialProbe } from '../../../shared/health/probes.ts';
import { createNoteTimerRun, createTimerProbe } from '../../../shared/health/timer-runs.ts';
import { IssueError } from '../../../shared/tokens/failure.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';

function setUp() {
  const clock = createClock();
  const probe = vi.fn(() => {
    clock.pass(7);
    return Promise.resolve({ keys: 2 });
  });
  return { clock, probe, getHealth: createHealthCheck({ probes: { probe }, now: clock.now }) };
}

test('`GET /health` is asked all the time: within ten seconds all share one look', async () => {
  const { clock, probe, getHealth } = setUp();
  const checkedAt = clock.now();
  const [report] = await Promise.all([getHealth(), getHealth(), getHealth()]);
  clock.pass(9 * SECOND);
  await getHealth();
  expect(report).toEqual({
    status: 'up',
    checks: { probe: { status: 'up', durationMs: 7, checkedAt, findings: { keys: 2 } } },
  });
  expect(probe).toHaveBeenCalledTimes(1);
  clock.pass(SECOND);
  await getHealth();
  expect(probe).toHaveBeenCalledTimes(2);
});

test.each([
  [new Error('secret-canary'), { problem: 'It does not answer.' }],
  [
    new IssueError({ cause: 'credential_rejected', entraCode: 7000222 }),
    {
      problem: "Entra refuses the broker's own credential.",
      remedy: 'Put a valid client credential into Key Vault; it is picked up within a minute.',
      entra_code: 7000222,
    },
  ],
  [
    new BrokerError('temporarily_unavailable', 'What.', { owner: 'partner', remedy: 'Do.' }),
    { problem: 'What.', remedy: 'Do.' },
  ],
])('one dependency that is down is told in our own words', async (error, findings) => {
  const { clock, probe } = setUp();
  const probes = { probe, other: () => Promise.reject(error) };
  const report = await createHealthCheck({ probes, now: clock.now })();
  expect([report.status, report.checks.probe?.status]).toEqual(['down', 'up']);
  expect(report.checks.other).toMatchObject({ status: 'down', findings });
});

test('a credential that can not be used is told with its reason', async () => {
  const probe = createCredentialProbe({
    getHomeToken: () => Promise.reject(new IssueError({ cause: 'credential_unavailable' })),
    describe: () => ({ kind: 'certificate', problems: ['The certificate has expired: …'] }),
    now: createClock().now,
  });
  await expect(probe()).rejects.toThrow('The certificate has expired: …');
});

test('our credential ends within 30 days: health tells kind, age, days left and unusable versions', async () => {
  const { now } = createClock();
  const describe = () => ({
    kind: 'secret' as const,
    createdAt: now() - 49 * HOUR,
    expiresAt: now() + 71 * HOUR,
    problems: ['One is empty.'],
  });
  const getHomeToken = () => Promise.resolve();
  expect(await createCredentialProbe({ getHomeToken, describe, now })()).toEqual({
    kind: 'secret',
    version_age_days: 2,
    days_left: 2,
    problems: ['One is empty.'],
  });
});

test('a timer is late when its next run is five minutes overdue', async () => {
  const clock = createClock();
  const run = { name: 'refreshTokens', finishedAt: clock.now(), nextAt: clock.now() + 5 * MINUTE };
  const runs = { save: vi.fn(), list: () => Promise.resolve([run]) };
  const probe = createTimerProbe({ runs, now: clock.now });
  clock.pass(10 * MINUTE);
  const last_run = new Date(run.finishedAt).toISOString();
  expect(await probe()).toEqual({
    timers: [{ name: 'refreshTokens', last_run, late_seconds: 300 }],
  });
  clock.pass(SECOND);
  await expect(probe()).rejects.toThrow('A timer is late: refreshTokens.');
});

test('a run that can not be noted has run all the same', async () => {
  const log = createRecordedLog();
  const runs = { save: () => Promise.reject(new Error('down')), list: vi.fn() };
  await createNoteTimerRun({ runs, log, now: createClock().now })('refreshTokens', undefined);
  expect(log.lines).toEqual([
    { level: 'warn', event: 'timer.not_noted', fields: { timer: 'refreshTokens' } },
  ]);
});
