import { isYounger } from '../../age.ts';
import type { Grants } from '../../callers/grants.ts';
import type { TenantStore } from '../../tenants/tenant.ts';
import { MINUTE } from '../../time.ts';
import { toTenantHash } from '../tenant-hash.ts';

/** A record with who it is about, as far as the broker knows them today. */
export type Named<T> = T & {
  readonly tenantId: string | undefined;
  readonly tenantName: string | undefined;
  /** Of the caller that received a token, or that did something. */
  readonly callerName: string | undefined;
};

/** A tenant may get another name: names are read again after this time. */
const NAMES_AGE_MS = MINUTE;

const PAGE = 1000;

interface Names {
  readonly tenants: ReadonlyMap<string, { readonly id: string; readonly name: string | undefined }>;
  readonly callers: ReadonlyMap<string, string | undefined>;
}

/** Creates what puts names beside ids and hashes. */
export function createNamer(parts: {
  tenants: Pick<TenantStore, 'list'>;
  grants: { list(): Promise<readonly Pick<Grants, 'callerId' | 'displayName'>[]> };
  now: () => number;
}) {
  let names: Names = { tenants: new Map(), callers: new Map() };
  let readAt = Number.NEGATIVE_INFINITY;
  // Hashes of tenants that are gone must not cost a scan each time.
  const unknown = new Set<string>();

  const read = async () => {
    const callers = await parts.grants.list();
    names = {
      tenants: await readTenants(parts.tenants),
      callers: new Map(callers.map(({ callerId, displayName }) => [callerId, displayName])),
    };
    readAt = parts.now();
    unknown.clear();
  };
  const isKnown = (hash: string) => names.tenants.has(hash) || unknown.has(hash);

  return async <T extends { readonly tenantHash: string | undefined }>(
    records: readonly T[],
    toCallerId: (record: T) => string,
  ): Promise<readonly Named<T>[]> => {
    if (records.length === 0) return [];
    const hashes = records.flatMap(({ tenantHash }) => tenantHash ?? []);
    const isFresh = isYounger(readAt, NAMES_AGE_MS, parts.now());
    if (!isFresh || !hashes.every(isKnown)) await read();
    for (const hash of hashes) if (!names.tenants.has(hash)) unknown.add(hash);
    return records.map((record) => {
      const tenant =
        record.tenantHash === undefined ? undefined : names.tenants.get(record.tenantHash);
      return {
        ...record,
        tenantId: tenant?.id,
        tenantName: tenant?.name,
        callerName: names.callers.get(toCallerId(record)),
      };
    });
  };
}

async function readTenants(tenants: Pick<TenantStore, 'list'>): Promise<Names['tenants']> {
  const known = new Map<string, { id: string; name: string | undefined }>();
  let after: string | undefined;
  do {
    const page = await tenants.list({ limit: PAGE, ...(after !== undefined && { after }) });
    for (const { tenantId, displayName } of page.tenants) {
      known.set(toTenantHash(tenantId), { id: tenantId, name: displayName });
    }
    after = page.next;
  } while (after !== undefined);
  return known;
}
