import { expect, test } from 'vitest';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { toEntraFailure } from '../../../shared/entra/entra-failure.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../../shared/tenants/tenant-outcome.ts';
import { IssueError } from '../../../shared/tokens/failure.ts';
import { HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { openNewTable } from '../../support/storage.ts';
import { makeAccessToken, OTHER_TENANT, TENANT } from '../../support/tokens.ts';
import { KEY, setUp } from '../tokens/set-up.ts';

/** Two processes with two tenants; `refuse` makes Entra refuse the first of them. */
async function setUpTenants() {
  const environment = setUp();
  const { clock, log, report, requestToken, createProcess } = environment;
  const tenants = createTenantTable(openNewTable('tenants'), log);
  for (const id of [TENANT, OTHER_TENANT]) {
    await tenants.insert({ ...createTenant(id, 0), status: 'active' });
  }
  const directory = createTenantDirectory({ tenants, now: clock.now });
  const advanceEpoch = () => Promise.resolve(directory.forget());
  const required = new Set(['defender-xdr' as const]);
  const parts = { tenants, directory, advanceEpoch, required, log, now: clock.now };
  report.mockImplementation(createOutcomeReporter(parts));
  const issue = (tid: string) => {
    const accessToken = makeAccessToken({ tid, exp: clock.now() / 1000 + 3600 });
    return Promise.resolve({ accessToken, expiresInMs: HOUR });
  };
  requestToken.mockImplementation(({ tenantId }) => issue(tenantId));
  const refuse = (error: string, code: number) => {
    const body = { error, error_codes: [code] };
    const failure = toEntraFailure({ status: 400, body, retryAfterMs: undefined });
    requestToken.mockImplementation(({ tenantId }) =>
      tenantId === TENANT ? Promise.reject(new IssueError(failure)) : issue(tenantId),
    );
  };
  const repair = () => requestToken.mockImplementation(({ tenantId }) => issue(tenantId));
  const statuses = async () =>
    (await tenants.list({ limit: 9 })).tenants.map(({ status }) => status);
  return { ...environment, other: createProcess(), refuse, repair, statuses };
}

test.each([
  ['unauthorized_client', 700016],
  ['invalid_client', 7000229],
  ['unauthorized_client', 7000112],
  ['invalid_request', 90002],
])(
  'the customer withdrew the consent: %s with AADSTS%i counts once it is confirmed a minute later',
  async (error, code) => {
    const { broker, other, clock, refuse, requestToken, statuses } = await setUpTenants();
    refuse(error, code);
    const ask = () => Promise.allSettled([broker.getToken(KEY, 0), other.getToken(KEY, 0)]);
    for (const pause of [SECOND, 30 * SECOND, 28 * SECOND]) {
      await ask();
      clock.pass(pause);
    }
    expect([requestToken.mock.calls.length, await statuses()]).toEqual([1, ['active', 'active']]);
    clock.pass(SECOND);
    await ask();
    expect([requestToken.mock.calls.length, await statuses()]).toEqual([
      2,
      ['consent_revoked', 'active'],
    ]);
    await expect(other.getToken({ ...KEY, tenantId: OTHER_TENANT }, 0)).resolves.toBeDefined();
  },
);

test('a flap is forgotten: the next refusal, hours later, is a first one again', async () => {
  const { broker, clock, refuse, repair, statuses } = await setUpTenants();
  refuse('unauthorized_client', 700016);
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ code: 'consent_required' });
  clock.pass(MINUTE);
  repair();
  await expect(broker.getToken(KEY, 0)).resolves.toBeDefined();
  clock.pass(HOUR);
  refuse('unauthorized_client', 700016);
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ code: 'consent_required' });
  expect(await statuses()).toEqual(['active', 'active']);
});
