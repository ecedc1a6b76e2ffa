import * as v from 'valibot';
import type { LedgerPage } from '../../shared/audit/ledger.ts';
import { BrokerError } from '../../shared/errors.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { tenantNameSchema } from '../input/tenant.ts';
import { timeSchema } from '../input/timestamp.ts';
import type { Services } from '../services.ts';

/** What every query of the ledger may say; `cursor` is the `next_cursor` of the page before. */
export const auditQueryEntries = {
  tenant: v.optional(tenantNameSchema),
  since: v.optional(timeSchema),
  cursor: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w-]{1,300}$/),
      v.transform((cursor) => Buffer.from(cursor, 'base64url').toString()),
    ),
  ),
  limit: pageSizeSchema,
};

/** The hash of the tenant that a query names, by GUID or domain; a domain that nobody has is refused. */
export async function findTenantHash(
  name: string | undefined,
  { resolveTenantHash }: Services,
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const tenantHash = await resolveTenantHash(name);
  if (tenantHash) return tenantHash;
  throw new BrokerError('invalid_request', 'The parameter tenant names no tenant of Entra.', {
    owner: 'caller',
    remedy: "Use the tenant's id (GUID).",
  });
}

/** A page as the API shows it, with the names of its tenants. */
export async function toPageJson<T extends { readonly tenantId?: string | undefined }>(
  { records, next }: LedgerPage<T>,
  toJson: (record: T) => object,
  { findTenantNames }: Pick<Services, 'findTenantNames'>,
) {
  const names = await findTenantNames(records.map(({ tenantId }) => tenantId));
  return {
    value: records.map((record) => ({
      ...toJson(record),
      tenant_name: record.tenantId === undefined ? undefined : names.get(record.tenantId),
    })),
    next_cursor: next && Buffer.from(next).toString('base64url'),
  };
}
