import { randomInt } from 'node:crypto';
import type { GrantRule, Grants } from '../../shared/callers/grants.ts';
import { decide } from '../../shared/callers/policy.ts';
import { EPOCH_SEEN_MS } from '../../shared/epoch.ts';
import type { Tenant } from '../../shared/tenants/tenant.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import { pick } from './faulty-entra.ts';
import { createActiveTenant, createFullGrants } from './memory-store.ts';

/** A writer that dies before it moves the epoch is noticed when records are read again. */
const UNANNOUNCED_MS = 60_000;

/** An answer of storage takes less. */
const MAX_READ_MS = 50;

/** Who asks for what. */
export interface Asked {
  readonly callerId: string;
  readonly roles: readonly 'Tokens.Issue'[];
  readonly key: TokenKey;
}

/** Rows that operators change, and what they allow at any time. */
export interface AttackedStorage {
  readonly tenants: { find: (id: string) => Promise<{ value: Tenant; etag: string } | undefined> };
  readonly grants: { find: (id: string) => Promise<{ value: Grants; etag: string } | undefined> };
  readonly epoch: { read: () => Promise<string>; advance: () => Promise<void> };
  /** Changes one row; of any writers a tenth dies before it moves the epoch. */
  readonly change: (writer: 'any' | 'unannounced') => void;
  /** Nobody reads or writes for a while. */
  readonly setDown: (isDown: boolean) => void;
  /** Whether the rows have refused this for longer than any process may take to notice. */
  readonly isRefusedForLong: (asked: Asked, slackMs: number) => boolean;
}

/** Creates storage that holds the callers' grants and the tenants, all of them allowed. */
export function createAttackedStorage({
  callerIds,
  tenantIds,
  now,
  sleep,
}: {
  callerIds: readonly string[];
  tenantIds: readonly string[];
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}): AttackedStorage {
  const { tenants, grants, isAllowed, changeRow } = createRows(callerIds, tenantIds);
  const refusals = createRefusals(now);
  let [isDown, version] = [false, 0];
  // What was read may be changed before it arrives.
  const read = async <T>(value: () => T): Promise<T> => {
    const found = value();
    await sleep(randomInt(MAX_READ_MS));
    if (isDown) throw new Error('Storage is down.');
    return found;
  };
  const toFind =
    <T>(rows: ReadonlyMap<string, T>) =>
    (id: string) =>
      read(() => {
        const value = rows.get(id);
        return value && { value, etag: '1' };
      });
  return {
    tenants: { find: toFind(tenants) },
    grants: { find: toFind(grants) },
    epoch: { read: () => read(() => String(version)), advance: () => Promise.resolve() },
    change(writer) {
      if (isDown) return;
      const isAnnounced = writer === 'any' && randomInt(10) > 0;
      const touched = changeRow();
      if (isAnnounced) version++;
      for (const [callerId, tenantId] of touched) {
        for (const resource of ['defender-xdr', 'graph'] as const) {
          const key = `${callerId}|${tenantId}|${resource}`;
          refusals.note(key, isAllowed(callerId, { tenantId, resource }), isAnnounced);
        }
      }
    },
    setDown(down) {
      if (isDown && !down) refusals.restart();
      isDown = down;
    },
    isRefusedForLong({ callerId, roles, key: { tenantId, resource } }, slackMs) {
      if (roles.length === 0) return true;
      return !isDown && refusals.isLate(`${callerId}|${tenantId}|${resource}`, slackMs);
    },
  };
}

/** The rows as they stand, and what they allow. */
function createRows(callerIds: readonly string[], tenantIds: readonly string[]) {
  const tenants = new Map(tenantIds.map((id) => [id, createActiveTenant(id)]));
  const grants = new Map(callerIds.map((id) => [id, createFullGrants(id)]));
  const isAllowed = (callerId: string, { tenantId, resource }: TokenKey): boolean => {
    const tenant = tenants.get(tenantId);
    if (tenant?.status !== 'active') return false;
    const target = { tenantId, tags: tenant.tags, resource, role: 'Tokens.Issue' } as const;
    const caller = { roles: ['Tokens.Issue'] as const };
    return decide({ caller, grants: grants.get(callerId), target }).allowed;
  };
  /** Answers for which callers and tenants the change counts. */
  const changeRow = (): readonly (readonly [string, string])[] => {
    const [callerId, tenantId] = [pick(callerIds), pick(tenantIds)];
    if (randomInt(2) === 0) {
      grants.set(callerId, drawGrants(callerId, tenantId));
      return tenantIds.map((id) => [callerId, id]);
    }
    tenants.set(tenantId, drawTenant(tenantId));
    return callerIds.map((id) => [id, tenantId]);
  };
  return { tenants, grants, isAllowed, changeRow };
}

/** Since when what is refused has to be refused by every process. */
function createRefusals(now: () => number) {
  const dueAt = new Map<string, number>();
  let restartedAt = 0;
  return {
    /**
     * Who sees the epoch move reads all rows anew. Who does not may know one row as it is and
     * another one as it was, so each unannounced change begins the time again.
     */
    note(key: string, isAllowed: boolean, isAnnounced: boolean) {
      const seenAt = now() + EPOCH_SEEN_MS;
      const due = dueAt.get(key) ?? Number.POSITIVE_INFINITY;
      if (isAllowed) dueAt.delete(key);
      else dueAt.set(key, isAnnounced ? Math.min(due, seenAt) : seenAt + UNANNOUNCED_MS);
    },
    /** Storage is back: what changed shortly before it went was seen by nobody. */
    restart() {
      restartedAt = now();
    },
    isLate(key: string, slackMs: number): boolean {
      const due = dueAt.get(key);
      if (due === undefined) return false;
      return now() > Math.max(due, restartedAt + EPOCH_SEEN_MS) + slackMs;
    },
  };
}

/** Mostly everything; else a tag's tenants, all but one, nothing, or a caller that is blocked. */
function drawGrants(callerId: string, tenantId: string): Grants {
  const full = createFullGrants(callerId);
  const toRule = (effect: GrantRule['effect'], tenant: string, resource = '*'): GrantRule => ({
    ...{ id: effect, effect, tenants: [tenant], resources: [resource as '*'] },
  });
  const kinds: readonly Grants[] = [
    full,
    full,
    { ...full, rules: [toRule('allow', 'tag:soc')] },
    { ...full, rules: [toRule('allow', '*'), toRule('deny', tenantId)] },
    { ...full, rules: [toRule('allow', '*'), toRule('deny', '*', 'graph')] },
    { ...full, rules: [] },
    { ...full, blocked: true },
  ];
  return pick(kinds);
}

function drawTenant(tenantId: string): Tenant {
  const tenant = { ...createActiveTenant(tenantId), tags: randomInt(2) === 0 ? ['soc'] : [] };
  const status = pick([
    'active',
    'active',
    'active',
    'disabled',
    'verifying',
    'offboarded',
  ] as const);
  return { ...tenant, status };
}
