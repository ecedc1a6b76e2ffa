import * as v from 'valibot';
import type { BrokerError } from '../../errors.ts';
import { isGuid } from '../../guid.ts';
import type { Tenant, TenantStore } from '../../tenants/tenant.ts';
import { type CursorSeal, toCursorError } from '../cursor-seal.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { ListQuery } from './list-query.ts';

/**
 * Tenants that one request looks at, and on file that it looks through for those that the caller is
 * granted.
 */
const MAX_TENANTS_COUNT = 100;
const MAX_ON_FILE_COUNT = 1000;

/** After a tenant, or within one after an incident. */
const positionSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    tenantId: v.pipe(v.string(), v.check(isGuid)),
    incidentId: v.optional(v.pipe(v.string(), v.regex(/^\d{1,19}$/))),
  }),
);

/** Where a list by tenant goes on. */
export type Position = v.InferOutput<typeof positionSchema>;

/** The position in a cursor; rejects with `invalid_request`. */
export async function readPosition(
  seal: CursorSeal,
  cursor: string | undefined,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined;
  const position = v.safeParse(positionSchema, await seal.open('incidents', cursor));
  if (position.success) return position.output;
  throw toOtherQueryError();
}

/** The tenants that this request looks at, and where the next one goes on. */
export async function findTenants(
  { access, tenants }: { access: IncidentAccess; tenants: Pick<TenantStore, 'list'> },
  { caller, tenant: name, tag }: ListQuery,
  from: Position | undefined,
): Promise<{ tenants: readonly Tenant[]; next: Position | undefined }> {
  const hasTag = ({ tags }: Tenant) => tag === undefined || tags.includes(tag);
  if (name !== undefined) {
    const tenant = await access.getTenant(caller, name, 'Incidents.Read');
    if (from && (from.tenantId !== tenant.tenantId || !from.incidentId)) throw toOtherQueryError();
    return { tenants: [tenant].filter(hasTag), next: undefined };
  }
  const begun = from?.incidentId && (await access.findReadable(caller, from.tenantId));
  const found = begun ? [begun].filter(hasTag) : [];
  const page = await tenants.list({
    limit: MAX_ON_FILE_COUNT,
    ...(from && { after: from.tenantId }),
  });
  for (const tenant of page.tenants.filter(hasTag)) {
    if (!(await access.mayRead(caller, tenant))) continue;
    if (found.length === MAX_TENANTS_COUNT) return { tenants: found, next: toEnd(found) };
    found.push(tenant);
  }
  return { tenants: found, next: page.next === undefined ? undefined : { tenantId: page.next } };
}

/** For a cursor that was answered to other parameters. */
export function toOtherQueryError(): BrokerError {
  return toCursorError('is of another query', 'Send it with the same parameters as before.');
}

function toEnd(tenants: readonly Tenant[]): Position | undefined {
  const last = tenants.at(-1);
  return last && toPosition(last);
}

/** A position behind a tenant, or within one behind an incident. */
export function toPosition({ tenantId }: { tenantId: string }, incidentId?: string): Position {
  return { tenantId, incidentId };
}
