import { expect, test, vi } from 'vitest';
import { createCachedDirectory } from '../../../shared/cached-directory.ts';
import { createAuthorize } from '../../../shared/callers/authorize.ts';
import type { GrantStore } from '../../../shared/callers/grants.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { CLIENT, OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const CALLER = { id: CLIENT, kind: 'application', roles: ['Tokens.Issue'] } as const;
const TARGET = { tenantId: TENANT, tags: [], resource: 'graph', role: 'Tokens.Issue' } as const;

function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const value = {
    callerId: CLIENT,
    displayName: undefined,
    mode: 'audit' as const,
    rules: [],
    createdAt: 0,
    updatedAt: 0,
  };
  const find = vi.fn<GrantStore['find']>().mockResolvedValue({ value, etag: '1' });
  const grants = createCachedDirectory({ records: { find }, now: clock.now });
  return { clock, log, find, authorize: createAuthorize({ grants, log, now: clock.now }) };
}

test('grants are in audit mode: logged once an hour for each caller, tenant and API', async () => {
  const { authorize, clock, log } = setUp();
  await authorize(CALLER, TARGET);
  await authorize(CALLER, TARGET);
  expect(log.lines).toEqual([
    {
      level: 'warn',
      event: 'policy.would_deny',
      fields: { caller: CLIENT, tenant: TENANT, resource: 'graph', rule: 'default:deny' },
    },
  ]);
  await authorize(CALLER, { ...TARGET, tenantId: OTHER_TENANT });
  await authorize(CALLER, { ...TARGET, resource: 'defender-xdr' });
  clock.pass(HOUR);
  await authorize(CALLER, TARGET);
  expect(log.lines).toHaveLength(4);
});

test('an application that is blocked takes everything from the people who call through it', async () => {
  const { authorize, find } = setUp();
  const { value, etag } = await find(CLIENT).then((found) => found ?? expect.fail());
  find.mockImplementation(async (id) => ({ value: { ...value, blocked: id === 'agent' }, etag }));
  const person = { ...CALLER, id: 'person', kind: 'user', clientId: 'agent' } as const;
  expect(await authorize(person, TARGET)).toEqual({ allowed: false, rule: 'caller:blocked' });
  expect(await authorize({ ...person, clientId: 'other' }, TARGET)).toMatchObject({
    allowed: true,
  });
});

test('grants that cannot be read are no decision', async () => {
  const { authorize, find } = setUp();
  find.mockRejectedValue(new Error('down'));
  await expect(authorize(CALLER, TARGET)).rejects.toThrow('down');
});
