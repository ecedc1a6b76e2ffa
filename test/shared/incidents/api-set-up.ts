import fc from 'fast-check';
import { vi } from 'vitest';
import { createCachedDirectory } from '../../../shared/cached-directory.ts';
import { createAuthorize } from '../../../shared/callers/authorize.ts';
import type { GrantRule } from '../../../shared/callers/grants.ts';
import { createSeal } from '../../../shared/crypto/seal.ts';
import { createEpochWatch } from '../../../shared/epoch.ts';
import { MAX_PAGE_BYTES } from '../../../shared/incidents/bounded-page.ts';
import {
  createFleetDirectory,
  createGetFleetCoverage,
} from '../../../shared/incidents/coverage/fleet-coverage.ts';
import { createCursorSeal } from '../../../shared/incidents/cursor-seal.ts';
import { createReadChanges } from '../../../shared/incidents/feed/read-changes.ts';
import type { Incident, IncidentKey } from '../../../shared/incidents/incident.ts';
import { createIncidentAccess } from '../../../shared/incidents/incident-access.ts';
import type { IncidentQuery } from '../../../shared/incidents/incident-store.ts';
import { toInstant } from '../../../shared/incidents/instant.ts';
import { createListIncidents } from '../../../shared/incidents/list/list-incidents.ts';
import { summarizeSkipped } from '../../../shared/incidents/sync/skipped.ts';
import type { SyncState } from '../../../shared/incidents/sync/sync-state.ts';
import { createTenant, type Tenant, type TenantStatus } from '../../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../../shared/tenants/tenant-directory.ts';
import { createClock, MINUTE } from '../../support/clock.ts';
import { createFixedRing, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { CLIENT } from '../../support/tokens.ts';
import { createMemoryFeed } from './memory.ts';

export const CALLER = {
  id: CLIENT,
  kind: 'application',
  roles: ['Incidents.Read', 'Incidents.Write'],
} as const;

export const ALLOW: GrantRule = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };

export const LATE_AFTER = 15 * MINUTE;

/** The GUID of the n-th tenant; in their order. */
export function tenantOf(n: number): string {
  return `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

/** An incident with the fields that a test is about. */
export function makeIncident(tenantId: string, id: number, fields: Partial<Incident> = {}) {
  const incident: Incident = {
    tenantId,
    incidentId: String(id),
    source: 'defender-xdr',
    name: `Incident ${id}`,
    severity: 'high',
    status: 'active',
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: undefined,
    createdAt: toInstant(0),
    lastUpdateAt: toInstant(0),
    redirectIncidentId: undefined,
    tags: [],
    comments: [],
    alertCount: undefined,
    ...fields,
  };
  return incident;
}

/** Lengths of names: most are short, of some two or three fill a page. */
export const nameSizes = fc.oneof(
  { weight: 4, arbitrary: fc.nat(2000) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000_000, max: 5_000_000 }) },
);

/** Whether rows are over 4 MB, their brackets and commas aside, and not just one. */
export function isTooLarge(rows: readonly object[]): boolean {
  return rows.length > 1 && JSON.stringify(rows).length > MAX_PAGE_BYTES + rows.length + 1;
}

/** The state of a tenant that was complete up to a time. */
export function makeState(tenantId: string, completeUpTo: number, more: Partial<SyncState> = {}) {
  const state: SyncState = {
    tenantId,
    source: undefined,
    dueAt: 0,
    walk: undefined,
    coverage: {
      source: 'defender-xdr',
      completeFrom: toInstant(0),
      completeUpTo: toInstant(completeUpTo),
      reconciledAt: undefined,
    },
    failure: undefined,
    failed: [],
    skipped: [],
    calls: [],
    lease: undefined,
    fence: 0,
    ...more,
  };
  return state;
}

/** The feed in memory, with what was asked of it. */
function createSeenFeed(now: () => number) {
  const { feed, removeUpTo } = createMemoryFeed();
  return {
    bounds: vi.fn(feed.bounds),
    read: vi.fn(feed.read),
    append: (incident: Incident) =>
      void feed.append([{ kind: 'created', incident, recordedAt: now() }]),
    removeUpTo,
  };
}

/** Tenants 1 to `count` with what is stored of them, and a caller whose rules can be changed. */
export function setUpApi(count = 3) {
  const clock = createClock();
  const { now } = clock;
  const tenants: Tenant[] = Array.from({ length: count }, (_, n) => ({
    ...createTenant(tenantOf(n + 1), 0),
    status: 'active' as const,
  }));
  const states = new Map(tenants.map(({ tenantId }) => [tenantId, makeState(tenantId, now())]));
  const stored: Incident[] = [];
  const rules: GrantRule[] = [ALLOW];
  const log = createRecordedLog();
  const epochs = { read: vi.fn(() => Promise.resolve('1')), advance: vi.fn() };
  const grants = createCachedDirectory({ records: { find: findGrants }, now });
  const findTenant = vi.fn((id: string) =>
    Promise.resolve(toStored(tenants.find((one) => one.tenantId === id))),
  );
  const tenantStore = {
    find: findTenant,
    list: ({ after = '', limit }: { after?: string; limit: number }) => {
      const rest = tenants.filter(({ tenantId }) => tenantId > after);
      const page = rest.slice(0, limit);
      const next = rest.length > limit ? page.at(-1)?.tenantId : undefined;
      return Promise.resolve({ tenants: page, next });
    },
  };
  const directory = createTenantDirectory({ tenants: tenantStore, now });
  const forget = () => {
    grants.forget();
    directory.forget();
    fleet.forget();
  };
  const epoch = createEpochWatch({ epoch: epochs, forget, now });
  const syncStates = {
    find: (id: string) => Promise.resolve(toStored(states.get(id))),
    async *summaries() {
      await Promise.resolve();
      yield [...states.values()].map(({ tenantId, dueAt, coverage, failure, skipped }) => ({
        tenantId,
        dueAt,
        leaseUntil: undefined,
        completeUpTo: coverage?.completeUpTo,
        skipped: summarizeSkipped(skipped),
        failure,
      }));
    },
  };
  const incidents = {
    findRaws: vi.fn((keys: readonly IncidentKey[]) =>
      Promise.resolve(keys.map(({ incidentId }) => rawOf(incidentId))),
    ),
    list: vi.fn((query: IncidentQuery) => Promise.resolve(listStored(stored, query))),
    find: ({ tenantId, incidentId }: { tenantId: string; incidentId: string }) => {
      const incident = stored.find(
        (one) => one.tenantId === tenantId && one.incidentId === incidentId,
      );
      return Promise.resolve(incident && { incident, raw: '{}' });
    },
  };
  const access = createIncidentAccess({
    epoch,
    resolveTenant: (name) => Promise.resolve(name === 'nobody.example' ? undefined : name),
    directory,
    authorize: createAuthorize({ grants, log, now }),
  });
  const seal = createCursorSeal({
    seal: createSeal(createFixedRing(createRingKey('one')), now),
    deployment: 'https://broker.example',
    now,
  });
  const fleet = createFleetDirectory({ tenants: tenantStore, syncStates, now });
  const getCoverage = createGetFleetCoverage({ fleet, lateAfterMs: LATE_AFTER, now });
  const coverageRules = { defaultSource: 'defender-xdr', lateAfterMs: LATE_AFTER } as const;
  const parts = { access, tenants: tenantStore, incidents, syncStates, seal, now };
  const changeFeed = createSeenFeed(now);
  const sleep = vi.fn((milliseconds: number) => Promise.resolve(clock.pass(milliseconds)));

  function findGrants(callerId: string) {
    const value = { callerId, displayName: undefined, mode: 'enforce' as const };
    return Promise.resolve({
      value: { ...value, rules: [...rules], createdAt: 0, updatedAt: 0 },
      etag: '1',
    });
  }

  return {
    ...parts,
    clock,
    log,
    states,
    stored,
    rules,
    epochs,
    epoch,
    changeFeed,
    sleep,
    findTenant,
    rulesOfCoverage: coverageRules,
    getCoverage,
    tenantsOnFile: tenants,
    setStatus: (n: number, status: TenantStatus) => setStatus(tenants, n, status),
    list: createListIncidents({ ...parts, rules: coverageRules }),
    readChanges: createReadChanges({ ...parts, changeFeed, getCoverage, sleep }),
  };
}

/** The JSON of an incident: of one whose id ends with 9 it is left out. */
export function rawOf(incidentId: string): string | undefined {
  return incidentId.endsWith('9') ? undefined : JSON.stringify({ incidentId, alerts: [{}] });
}

function setStatus(tenants: Tenant[], n: number, status: TenantStatus): void {
  const tenant = tenants[n - 1];
  if (tenant) tenants[n - 1] = { ...tenant, status };
}

function toStored<T>(value: T | undefined) {
  return value && { value, etag: '1' };
}

function listStored(stored: readonly Incident[], query: IncidentQuery) {
  const matching = stored
    .filter(({ tenantId, severity }) => {
      return tenantId === query.tenantId && (query.severities ?? [severity]).includes(severity);
    })
    .sort((a, b) => Number(b.incidentId) - Number(a.incidentId))
    .filter(({ incidentId }) => !query.after || Number(incidentId) < Number(query.after));
  const incidents = matching.slice(0, query.limit);
  const next = matching.length > query.limit ? incidents.at(-1)?.incidentId : undefined;
  return { incidents, unreadable: [], next };
}
