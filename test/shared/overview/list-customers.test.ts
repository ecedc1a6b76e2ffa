import { expect, test } from 'vitest';
import {
  createFleetDirectory,
  createGetFleetCoverage,
} from '../../../shared/incidents/coverage/fleet-coverage.ts';
import { toInstant } from '../../../shared/incidents/instant.ts';
import { createSyncState } from '../../../shared/incidents/sync/sync-state.ts';
import { createListCustomers } from '../../../shared/overview/list-customers.ts';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';

const NOW = Date.UTC(2026, 10, 27, 8);
const MINUTE = 60_000;
const rules = { defaultSource: 'defender-xdr', lateAfterMs: 17 * MINUTE } as const;
const ANY = { status: undefined, tag: undefined, text: undefined, after: undefined, limit: 50 };

function toId(place: number): string {
  return `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
}

/** Customers of which every hundredth has the tag `rare`; the list says what it was asked for. */
function setUp(count = 300) {
  const tenants = Array.from({ length: count }, (_, place): Tenant => {
    const tags = place % 100 === 99 ? ['rare'] : ['common'];
    const domain = `customer${place}.example`;
    return { ...createTenant(toId(place), NOW), status: 'active', displayName: 'A', domain, tags };
  });
  const reads: string[] = [];
  const list = ({ after = '', limit }: { after?: string | undefined; limit: number }) => {
    reads.push(`${limit} tenants`);
    const rest = tenants.filter(({ tenantId }) => tenantId > after);
    const page = rest.slice(0, limit);
    return Promise.resolve({
      tenants: page,
      next: rest.length > limit ? page.at(-1)?.tenantId : undefined,
    });
  };
  const toState = (tenantId: string) => ({
    ...createSyncState(tenantId),
    coverage: {
      source: 'defender-xdr' as const,
      completeFrom: toInstant(0),
      completeUpTo: toInstant(NOW - MINUTE),
      reconciledAt: undefined,
    },
  });
  const syncStates = {
    find: (tenantId: string) => {
      reads.push('1 state');
      return Promise.resolve({ value: toState(tenantId), etag: '1' });
    },
    // biome-ignore lint/suspicious/useAwait: one page
    summaries: async function* () {
      reads.push('all states');
      yield [];
    },
  };
  const now = () => NOW;
  const fleet = createFleetDirectory({ tenants: { list }, syncStates, now });
  const getCoverage = createGetFleetCoverage({ fleet, ...rules, now });
  const listCustomers = createListCustomers({ list, fleet, syncStates, rules, now });
  return { listCustomers, getCoverage, reads };
}

const idsOf = ({ customers }: { customers: readonly { tenant: Tenant }[] }) =>
  customers.map(({ tenant }) => tenant.tenantId);

test('a page without a filter reads its tenants and their states, not all of them', async () => {
  const { listCustomers, reads } = setUp();
  const { customers, next } = await listCustomers({ ...ANY, limit: 2 });
  expect(reads).toEqual(['2 tenants', '1 state', '1 state']);
  expect(next).toBe(toId(1));
  expect(customers.map(({ report }) => report.dataAgeMs)).toEqual([MINUTE, MINUTE]);
});

test('who knows all tenants reads no state again', async () => {
  const { listCustomers, getCoverage, reads } = setUp();
  await getCoverage(() => true);
  reads.length = 0;
  await listCustomers({ ...ANY, limit: 2 });
  expect(reads).toEqual(['2 tenants']);
});

test('a tag that few have is found in what is known of all, page by page', async () => {
  const { listCustomers, reads } = setUp();
  const first = await listCustomers({ ...ANY, tag: 'rare', limit: 2 });
  expect([idsOf(first), first.next]).toEqual([[toId(99), toId(199)], toId(199)]);
  const rest = await listCustomers({ ...ANY, tag: 'rare', limit: 2, after: first.next });
  expect([idsOf(rest), rest.next]).toEqual([[toId(299)], undefined]);
  expect(reads).toEqual(['all states', '999 tenants']);
});

test('a customer is found by its domain', async () => {
  const { listCustomers } = setUp();
  expect(idsOf(await listCustomers({ ...ANY, text: 'Customer42.EX' }))).toEqual([toId(42)]);
});
