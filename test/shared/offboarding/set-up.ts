import { vi } from 'vitest';
import { createGrantTable } from '../../../shared/azure/records/grant-table.ts';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { createTokenTable } from '../../../shared/azure/records/token-table.ts';
import type { InvitationStore } from '../../../shared/invitations/invitation.ts';
import { createInvitation } from '../../../shared/invitations/invite.ts';
import {
  refuseLateGrants,
  refuseLateInvitations,
  refuseLateTokens,
} from '../../../shared/offboarding/late-writes.ts';
import { createOffboardings } from '../../../shared/offboarding/offboarding.ts';
import { createPurgeGrants } from '../../../shared/offboarding/purges.ts';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';
import { createFindTombstone } from '../../../shared/tenants/tombstone.ts';
import { createTokenRecord } from '../../../shared/tokens/token-record.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

/** Where in a call something else happens: right before it, or right after it took effect. */
export const MOMENTS = ['before', 'after'] as const;

/** The store, in which something happens once, in the middle of whoever calls the method. */
export function interleave<S extends object>(
  store: S,
  method: keyof S,
  [moment, happens]: readonly [(typeof MOMENTS)[number], () => Promise<unknown>],
): S {
  const call = store[method] as (...args: unknown[]) => Promise<unknown>;
  let happened = false;
  const happenOnce = async (now: string) => {
    if (happened || now !== moment) return;
    happened = true;
    await happens();
  };
  const interleaved = async (...args: unknown[]) => {
    await happenOnce('before');
    const answer = await call(...args);
    await happenOnce('after');
    return answer;
  };
  return { ...store, [method]: interleaved };
}

/**
 * Tables of one broker, with everything that offboards a tenant; `beforeWrite` may throw like a
 * process that dies.
 */
export function setUp(beforeWrite: () => void = () => undefined) {
  const clock = createClock();
  const log = createRecordedLog();
  const open = {
    tenants: openNewTable('tenants'),
    tokens: openNewTable('tokens'),
    invitations: openNewTable('invitations'),
    callers: openNewTable('callers'),
  };
  const raw = {
    tenants: createTenantTable(open.tenants, log),
    tokens: createTokenTable(open.tokens, log),
    invitations: createInvitationTable(open.invitations, log),
    grants: createGrantTable(open.callers, log),
  };
  const findTombstone = createFindTombstone(raw.tenants);
  const guarded = {
    tokens: (tokens = raw.tokens) => refuseLateTokens(tokens, findTombstone),
    invitations: (invitations: InvitationStore = raw.invitations) =>
      refuseLateInvitations(invitations, findTombstone),
    grants: (grants = raw.grants) => refuseLateGrants(grants, findTombstone),
  };
  const advanceEpoch = vi.fn(() => Promise.resolve());
  const dying = <A extends unknown[], R>(write: (...args: A) => Promise<R>) => {
    return async (...args: A) => {
      beforeWrite();
      return await write(...args);
    };
  };
  const offboardings = createOffboardings({
    tenants: { ...raw.tenants, replace: dying(raw.tenants.replace) },
    resolveTenant: (name) => Promise.resolve(name),
    purges: {
      tokens: dying(({ tenantId }) => raw.tokens.removeTenant(tenantId)),
      invitations: dying(raw.invitations.removeTenant),
      grant_rules: createPurgeGrants({ ...raw.grants, replace: dying(raw.grants.replace) }, log),
    },
    advanceEpoch: dying(advanceEpoch),
    log,
    now: clock.now,
  });
  const offboard = async () => await offboardings.purge(await offboardings.close(TENANT));
  /** The tables that name the tenant. */
  const places = async () => {
    const found: string[] = [];
    for (const [name, openTable] of Object.entries(open)) {
      for await (const row of (await openTable()).listEntities()) {
        if (JSON.stringify(row).toLowerCase().includes(TENANT)) found.push(name);
      }
    }
    return found;
  };
  const read = async () => (await raw.tenants.find(TENANT))?.value;
  const addTenant = async (change: Partial<Tenant> = {}) =>
    void (await raw.tenants.insert({
      ...createTenant(TENANT, clock.now()),
      status: 'active',
      displayName: 'Contoso',
      tags: ['gold'],
      ...change,
    }));
  return {
    ...{ clock, log, raw, guarded, findTombstone, advanceEpoch, offboardings, offboard },
    ...{ places, read, addTenant },
  };
}

/** Fills every table with the tenant. */
export async function addTraces({ raw, addTenant }: ReturnType<typeof setUp>) {
  await addTenant({ failure: { cause: 'throttled', resource: 'graph', at: 1 } });
  await raw.tokens.insert(createTokenRecord({ tenantId: TENANT, resource: 'graph' }));
  await raw.tokens.insert(createTokenRecord({ tenantId: TENANT, resource: 'defender-xdr' }));
  await raw.invitations.insert({ ...INVITATION, idHash: 'pinned', tenantId: TENANT });
  await raw.invitations.insert({ ...INVITATION, idHash: 'claimed', claimedBy: TENANT });
  const claim = { tenantId: TENANT, domain: undefined, userName: undefined, claimedAt: 0 };
  await raw.invitations.insert({ ...INVITATION, idHash: 'waiting', claims: [claim] });
  await raw.invitations.insert({ ...INVITATION, idHash: 'other' });
  await raw.grants.insert(toGrants([TENANT, 'tag:gold']));
}

/** An invitation for anybody. */
export const INVITATION = {
  ...createInvitation('anybody'),
  expiresAt: Number.MAX_SAFE_INTEGER / 2 ** 12,
};

/** A caller. */
export const CALLER = '5d0b7a61-2c4f-4f7e-9a34-0c1d2e3f4a5b';

/** Grants of the caller for tenants. */
export function toGrants(tenants: readonly string[]) {
  const rule = { id: 'some', effect: 'allow' as const, tenants, resources: ['*' as const] };
  const times = { createdAt: 0, updatedAt: 0 };
  return {
    callerId: CALLER,
    displayName: undefined,
    mode: 'enforce' as const,
    rules: [rule],
    ...times,
  };
}
