import type { Caller } from '../../callers/caller.ts';
import { mapAll } from '../../concurrency.ts';
import { readAllTenants } from '../../tenants/all-tenants.ts';
import type { TenantStore } from '../../tenants/tenant.ts';
import { toDeniedError } from '../../tenants/tenant-errors.ts';
import type { HuntAccess } from '../hunt-access.ts';
import { toInvalidError } from '../hunt-errors.ts';

/** Whom a hunt is about. */
export interface TargetQuery {
  /** GUIDs or domains. */
  readonly tenants: readonly string[] | undefined;
  readonly tag: string | undefined;
}

/** Where a caller may hunt, and what it named besides. */
export interface Targets {
  readonly tenantIds: readonly string[];
  /** Unknown tenants and forbidden ones alike. */
  readonly deniedNames: readonly string[];
}

/** Tenants that are looked up at once. */
const CONCURRENCY = 10;

/**
 * Finds the tenants of a hunt; throws when there is none. Whatever their status: who can't be asked
 * is said by name.
 */
export async function findTargets(
  parts: { access: HuntAccess; tenants: Pick<TenantStore, 'list'> },
  caller: Caller,
  query: TargetQuery,
): Promise<Targets> {
  await parts.access.ensureCurrent();
  return query.tenants === undefined
    ? await findAll(parts, caller, query.tag)
    : await findNamed(parts.access, caller, query.tenants);
}

async function findNamed(
  access: HuntAccess,
  caller: Caller,
  names: readonly string[],
): Promise<Targets> {
  const unique = [...new Set(names.map((name) => name.toLowerCase()))];
  const found = await mapAll(unique, CONCURRENCY, async (name) => {
    return (await access.findNamed(caller, name))?.tenantId;
  });
  return {
    tenantIds: [...new Set(found.filter((tenantId) => tenantId !== undefined))],
    deniedNames: unique.filter((_, index) => found[index] === undefined),
  };
}

async function findAll(
  { access, tenants }: { access: HuntAccess; tenants: Pick<TenantStore, 'list'> },
  caller: Caller,
  tag: string | undefined,
): Promise<Targets> {
  const tenantIds: string[] = [];
  for (const tenant of await readAllTenants(tenants)) {
    if (tag !== undefined && !tenant.tags.includes(tag)) continue;
    if (await access.mayHunt(caller, tenant)) tenantIds.push(tenant.tenantId);
  }
  if (tenantIds.length > 0) return { tenantIds, deniedNames: [] };
  if (tag === undefined) throw toDeniedError();
  // The same whether no tenant has the tag, or none of them is granted.
  throw toInvalidError(
    'The parameter tag names no tenant that the caller may hunt at.',
    'Look the tags up with GET /api/tenants, or leave tag out.',
  );
}
