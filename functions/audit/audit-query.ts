import * as v from 'valibot';
import type { LedgerPage } from '../../shared/audit/issuance-ledger.ts';
import { BrokerError } from '../../shared/errors.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { tenantNameSchema } from '../input/tenant.ts';
import { timeSchema } from '../input/timestamp.ts';
import type { Services } from '../services.ts';

/** What every query of the ledger may say. */
export const auditQueryEntries = {
  tenant: v.optional(tenantNameSchema),
  /** Recorded since, and before. */
  since: v.optional(timeSchema),
  until: v.optional(timeSchema),
  limit: pageSizeSchema,
};

/** The schema of a cursor: base64url of a text that the pattern matches. */
export function toCursorSchema(pattern: RegExp) {
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w-]{1,300}$/),
      v.transform((cursor) => Buffer.from(cursor, 'base64url').toString()),
      v.regex(pattern),
    ),
  );
}

/**
 * The hash of the tenant that a query names, by GUID or domain; a domain that nobody has is
 * refused.
 */
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

/** A page as the API shows it. */
export function toPageJson<T>({ records, next }: LedgerPage<T>, toJson: (record: T) => unknown) {
  return {
    value: records.map(toJson),
    next_cursor: next && Buffer.from(next).toString('base64url'),
  };
}
