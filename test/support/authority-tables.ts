import { createSavedQueryTable } from '../../shared/azure/hunting/saved-query-table.ts';
import { createGrantTable } from '../../shared/azure/records/grant-table.ts';
import { createInvitationTable } from '../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createSubscriptionTable } from '../../shared/azure/webhooks/subscription-table.ts';
import type { Store } from '../../shared/store.ts';
import { createTenant } from '../../shared/tenants/tenant.ts';
import type { createAuthorityProcess } from './authority.ts';
import { createClock, HOUR } from './clock.ts';

/** Keys of records: tenants, callers, subscriptions, and hashes of invitations. */
export const ONE = '11111111-1111-4111-8111-111111111111';
export const OTHER = '22222222-2222-4222-8222-222222222222';
export const THIRD = '33333333-3333-4333-8333-333333333333';

const NOW = createClock().now();

/** One process of a broker. */
type Process = ReturnType<typeof createAuthorityProcess>;
/** The records of any of the tables. */
export type Values = Store<string, Record<string, unknown>>;

/** A table whose rows decide something, with a record and how an operator changes it. */
export interface AuthorityTableCase {
  readonly title: string;
  readonly name: string;
  readonly partitionOf: (key: string) => string;
  readonly rowKeyOf: (key: string) => string;
  readonly create: (open: OpenTable, process: Process) => Values;
  readonly make: (key: string) => Record<string, unknown>;
  readonly changed: Record<string, unknown>;
  /** What changes all the time and decides nothing. */
  readonly passing: Record<string, unknown>;
}

export const TABLES: readonly AuthorityTableCase[] = [
  {
    title: 'callers',
    name: 'callers',
    partitionOf: () => 'caller',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createGrantTable(open, log, guard) as unknown as Values,
    make: (callerId) => ({
      ...{
        callerId,
        displayName: 'Playbooks',
        mode: 'enforce',
        clientSecret: true,
        blocked: false,
      },
      rules: [{ id: 'gold', effect: 'allow', tenants: ['tag:gold'], resources: ['graph'] }],
      ...{ createdAt: NOW, updatedAt: NOW },
    }),
    changed: { rules: [] },
    passing: { updatedAt: NOW + 1 },
  },
  {
    title: 'tenants',
    name: 'tenants',
    partitionOf: () => 'tenant',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createTenantTable(open, log, guard) as unknown as Values,
    make: (tenantId) => ({
      ...createTenant(tenantId, NOW),
      ...{ status: 'active', displayName: 'Contoso', tags: ['gold'], consentedAt: NOW },
    }),
    changed: { status: 'disabled' },
    passing: {
      proofs: { graph: { granted: [], missing: [], checkedAt: NOW } },
      sparedUntil: NOW + HOUR,
      updatedAt: NOW + 1,
    },
  },
  {
    title: 'tenants with tombstones',
    name: 'tenants',
    partitionOf: () => 'tenant',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createTenantTable(open, log, guard) as unknown as Values,
    make: (tenantId) => ({ ...createTenant(tenantId, NOW), status: 'active', consentedAt: NOW }),
    changed: {
      status: 'offboarded',
      offboarding: { id: 'one', at: NOW, purgedAt: NOW, removed: { tokens: 1 } },
    },
    passing: { updatedAt: NOW + 1 },
  },
  {
    title: 'invitations',
    name: 'invitations',
    partitionOf: (key) => key,
    rowKeyOf: () => 'invitation',
    create: (open, { log, guard }) => createInvitationTable(open, log, guard) as unknown as Values,
    make: (idHash) => ({
      ...{ idHash, tenantId: THIRD, domain: 'contoso.example', displayName: 'Contoso' },
      ...{ flow: 'adminconsent', note: 'a note', createdBy: THIRD, claims: [], readmits: 'one' },
      ...{
        createdAt: NOW,
        expiresAt: NOW + 24 * HOUR,
        openedAt: NOW,
        signedInAt: NOW,
        acceptedAt: NOW,
      },
    }),
    changed: { usedBy: THIRD },
    passing: { openedAt: NOW + 1, signedInAt: NOW + 1, acceptedAt: NOW + 1 },
  },
  {
    title: 'webhooks',
    name: 'webhooks',
    partitionOf: () => 'webhook',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) =>
      createSubscriptionTable(open, log, guard) as unknown as Values,
    make: (id) => ({
      ...{ id, callerId: 'caller', clientId: 'agent', status: 'active', sealed: 'a.b.c' },
      filter: { tenants: ['tag:gold'], severities: undefined, kinds: undefined },
      ...{
        position: 7,
        numbered: 3,
        delivered: 2,
        createdAt: NOW,
        updatedAt: NOW,
        expiresAt: NOW + HOUR,
      },
    }),
    changed: { sealed: 'd.e.f' },
    passing: {
      ...{ position: 8, numbered: 4, delivered: 3, leaseUntil: NOW + HOUR, updatedAt: NOW + 1 },
      retryState: { problem: 'unreachable', count: 1, since: NOW, retryAt: NOW + HOUR },
    },
  },
  {
    title: 'saved queries',
    name: 'huntqueries',
    partitionOf: () => 'query',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createSavedQueryTable(open, log, guard) as unknown as Values,
    make: (name) => ({
      ...{ name, query: 'DeviceInfo | where DeviceName == host', description: 'one device' },
      ...{ parameters: { host: 'string' }, updatedBy: THIRD, createdAt: NOW, updatedAt: NOW },
    }),
    changed: { query: 'EmailEvents' },
    passing: { updatedAt: NOW + 1 },
  },
];
