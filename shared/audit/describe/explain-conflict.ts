import { parseCallerId } from '../../callers/grant-administration.ts';
import { BrokerError, type LastChange } from '../../errors.ts';
import type { Audit } from '../audit.ts';
import type { AuditEventName } from '../audit-event.ts';

/** The record that two operators change, as one of them named it. */
type ConflictRecord = { readonly tenant: string } | { readonly caller: string };

/** Runs a change; where somebody else came first, the error says who, what and when. */
export type ExplainConflict = <T>(record: ConflictRecord, run: () => Promise<T>) => Promise<T>;

/** What operators decide about tenants and callers. */
const DECISIONS: ReadonlySet<AuditEventName> = new Set([
  'tenant.patch',
  'tenant.offboard',
  'grants.put',
  'grants.remove',
  'caller.block',
  'caller.unblock',
] as const);

interface Parts {
  readonly audit: Pick<Audit, 'listEvents'>;
  readonly resolveTenantHash: (name: string) => Promise<string | undefined>;
}

/** Creates the explanation from the newest event about the record. */
export function createExplainConflict(parts: Parts): ExplainConflict {
  return async (record, run) => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof BrokerError) || error.code !== 'precondition_failed') throw error;
      // The refusal stands, whether or not the ledger can be read.
      const lastChange = await findLastChange(parts, record).catch(() => undefined);
      throw new BrokerError(error.code, error.message, { ...error.details, lastChange });
    }
  };
}

async function findLastChange(
  { audit, resolveTenantHash }: Parts,
  record: ConflictRecord,
): Promise<LastChange | undefined> {
  const about =
    'tenant' in record
      ? { tenantHash: await resolveTenantHash(record.tenant) }
      : { subject: parseCallerId(record.caller) };
  const query = { ...about, acts: DECISIONS, order: 'desc', limit: 1 } as const;
  const [event] = (await audit.listEvents(query)).records;
  return (
    event && {
      by: event.actor,
      by_name: event.callerName,
      act: event.act,
      detail: event.detail,
      at: new Date(event.occurredAt ?? event.recordedAt).toISOString(),
    }
  );
}
