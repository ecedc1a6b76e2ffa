import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListPage } from '../../../../shared/incidents/list/list-incidents.ts';
import type { ListQuery } from '../../../../shared/incidents/list/list-query.ts';
import { MINUTE } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';
import {
  ALLOW,
  CALLER,
  isTooLarge,
  LATE_AFTER,
  makeIncident,
  nameSizes,
  setUpApi,
  tenantOf,
} from '../api-set-up.ts';

const QUERY = {
  caller: CALLER,
  tenant: undefined,
  tag: undefined,
  cursor: undefined,
  limit: 100,
} satisfies ListQuery;

function idsOf({ incidents }: ListPage) {
  return incidents.map(
    ({ tenantId, incidentId }) => `${Number(tenantId.slice(0, 8))}:${incidentId}`,
  );
}

function fill({ stored }: ReturnType<typeof setUpApi>, tenants: number, each: number) {
  const numbers = Array.from({ length: tenants * each }, (_, n) => n);
  const toIncident = (n: number) =>
    makeIncident(tenantOf(Math.floor(n / each) + 1), (n % each) + 1);
  stored.push(...numbers.map(toIncident));
}

async function readAll(list: ReturnType<typeof setUpApi>['list'], query: ListQuery) {
  const pages: ListPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, cursor });
    pages.push(page);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}

test('incidents come by tenant, the newest id first, with the coverage of each tenant', async () => {
  const api = setUpApi(2);
  fill(api, 2, 2);
  const page = await api.list(QUERY);
  expect(idsOf(page)).toEqual(['1:2', '1:1', '2:2', '2:1']);
  expect(page.next).toBeUndefined();
  expect(page.coverage.map(({ tenantId, isLate }) => [tenantId, isLate])).toEqual([
    [tenantOf(1), false],
    [tenantOf(2), false],
  ]);
});

test.each([1, 2, 3, 5, 7, 100])('pages of %i hold everything once, in order', async (limit) => {
  const api = setUpApi(13);
  fill(api, 13, 3);
  const whole = idsOf(await api.list({ ...QUERY, limit: 500 }));
  const pages = await readAll(api.list, { ...QUERY, limit });
  expect(whole).toHaveLength(39);
  expect(pages.flatMap(idsOf)).toEqual(whole);
  expect(pages.every(({ incidents }) => incidents.length <= limit)).toBe(true);
});

/** Incidents of the tenants in their order, each with a name so long. */
function fillSized({ stored }: ReturnType<typeof setUpApi>, fleet: readonly number[][]) {
  const incidents = fleet.flatMap((sizes, n) =>
    sizes.map((size, id) => makeIncident(tenantOf(n + 1), id + 1, { name: 'x'.repeat(size) })),
  );
  stored.push(...incidents);
}

test('a page of incidents or changes would be over 4 MB: all incidents come once, in order', async () => {
  const fleets = fc.array(fc.array(nameSizes, { maxLength: 6 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(
    fleets,
    fc.integer({ min: 1, max: 20 }),
    async (fleet, limit) => {
      const api = setUpApi(fleet.length);
      fillSized(api, fleet);
      const pages = await readAll(api.list, { ...QUERY, limit });
      const expected = fleet.flatMap((sizes, n) =>
        sizes.map((_, id) => `${n + 1}:${id + 1}`).reverse(),
      );
      expect(pages.flatMap(idsOf)).toEqual(expected);
      expect(pages.filter(({ incidents }) => isTooLarge(incidents))).toEqual([]);
      const covered = pages.flatMap(({ coverage }) => coverage.map(({ tenantId }) => tenantId));
      expect(new Set(covered).size).toBe(fleet.length);
    },
  );
  await fc.assert(property, { numRuns: runs(7) });
});

test('only tenants that are granted are looked at', async () => {
  const api = setUpApi(3);
  fill(api, 3, 1);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)], resources: ['incidents'] });
  const page = await api.list(QUERY);
  expect(idsOf(page)).toEqual(['2:1']);
  expect(page.coverage.map(({ tenantId }) => tenantId)).toEqual([tenantOf(2)]);
  expect(api.incidents.list).toHaveBeenCalledTimes(1);
});

test('a grant for tokens shows no incident', async () => {
  const api = setUpApi(1);
  fill(api, 1, 1);
  api.rules.splice(0, 1, { ...ALLOW, resources: ['defender-xdr', 'graph'] });
  expect(await api.list(QUERY)).toMatchObject({
    incidents: [],
    coverage: [],
    next: undefined,
  });
});

test('a grant that is taken away between two pages ends what the cursor reads', async () => {
  const api = setUpApi(1);
  fill(api, 1, 3);
  const first = await api.list({ ...QUERY, limit: 1 });
  api.rules.splice(0);
  api.epochs.read.mockResolvedValue('2');
  api.clock.pass(5000);
  expect(await api.list({ ...QUERY, cursor: first.next })).toMatchObject({ incidents: [] });
});

test('a request looks at 100 tenants and goes on with the next, however empty they are', async () => {
  const api = setUpApi(250);
  api.stored.push(makeIncident(tenantOf(250), 1));
  const pages = await readAll(api.list, QUERY);
  expect(pages.map(({ coverage }) => coverage.length)).toEqual([100, 100, 50]);
  expect(pages.map(idsOf)).toEqual([[], [], ['250:1']]);
});

test('a cursor tells nobody which tenant its page ended with', async () => {
  const api = setUpApi(1001);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(1)] });
  const { next = '' } = await api.list(QUERY);
  const decoded = next.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  expect(decoded.join()).not.toContain(tenantOf(1000));
  expect(await api.list({ ...QUERY, cursor: next })).toMatchObject({ next: undefined });
});

test.each(['disabled', 'consent_revoked', 'verifying'] as const)(
  'what is stored of a tenant that is %s stays readable, and ages',
  async (status) => {
    const api = setUpApi(1);
    fill(api, 1, 1);
    api.setStatus(1, status);
    api.clock.pass(LATE_AFTER + MINUTE);
    const { incidents, coverage } = await api.list(QUERY);
    expect(incidents).toHaveLength(1);
    expect(coverage).toMatchObject([
      { tenantStatus: status, isLate: true, dataAgeMs: LATE_AFTER + MINUTE },
    ]);
  },
);

test('an offboarded tenant shows nothing, by name neither', async () => {
  const api = setUpApi(1);
  fill(api, 1, 1);
  api.setStatus(1, 'offboarded');
  expect(await api.list(QUERY)).toMatchObject({
    incidents: [],
    coverage: [],
    next: undefined,
  });
  await expect(api.list({ ...QUERY, tenant: tenantOf(1) })).rejects.toMatchObject({
    code: 'access_denied',
  });
});

test.each([['nobody.example'], [tenantOf(9)], [tenantOf(2)]])(
  'unknown and forbidden tenants are told apart by nothing: %s',
  async (tenant) => {
    const api = setUpApi(2);
    api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(1)] });
    await expect(api.list({ ...QUERY, tenant })).rejects.toMatchObject({
      code: 'access_denied',
      message: 'The caller has no grant for this tenant and resource.',
    });
  },
);

test('a tag narrows the tenants', async () => {
  const api = setUpApi(2);
  fill(api, 2, 1);
  const [first] = api.tenantsOnFile;
  api.tenantsOnFile.splice(0, 1, ...(first ? [{ ...first, tags: ['gold'] }] : []));
  expect(idsOf(await api.list({ ...QUERY, tag: 'gold' }))).toEqual(['1:1']);
  expect(await api.list({ ...QUERY, tag: 'silver' })).toMatchObject({ coverage: [] });
});

test('a cursor of all tenants is refused for one of them', async () => {
  const api = setUpApi(2);
  fill(api, 2, 2);
  const { next } = await api.list({ ...QUERY, limit: 1 });
  const other = { ...QUERY, tenant: tenantOf(2), cursor: next };
  await expect(api.list(other)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The parameter cursor is of another query.',
  });
});

test('a tenant that was never complete says so', async () => {
  const api = setUpApi(1);
  api.states.clear();
  const { coverage } = await api.list(QUERY);
  expect(coverage).toMatchObject([{ completeUpTo: undefined, isLate: true }]);
});

test('with their JSON incidents come in shorter pages, and none is left out', async () => {
  const api = setUpApi(2);
  fill(api, 2, 60);
  const pages = await readAll(api.list, { ...QUERY, withRaw: true });
  const raws = pages.flatMap(({ incidents, raws }) => incidents.map((one) => raws.get(one)));
  expect(raws).toHaveLength(120);
  expect(raws.filter((raw) => raw === undefined)).toHaveLength(12);
  expect(Math.max(...api.incidents.findRaws.mock.calls.map(([keys]) => keys.length))).toBe(25);
});
