import type { Act, ActLedger } from './ledger.ts';
import { toTenantHash } from './tenant-hash.ts';

/** What an operator just did. */
export interface DoneAct {
  readonly actor: string;
  readonly act: Act['act'];
  readonly tenantId?: string | undefined;
  readonly subject?: string | undefined;
  readonly detail?: string | undefined;
  readonly correlationId: string;
  /** When it was done, if not now (epoch milliseconds). */
  readonly at?: number | undefined;
}

/** Records an act after it took effect and before it is answered: a switch works even if the ledger does not. */
export type RecordAct = (done: DoneAct) => Promise<void>;

/** Creates the function. */
export function createRecordAct({
  acts,
  now,
}: {
  acts: Pick<ActLedger, 'record'>;
  now: () => number;
}): RecordAct {
  return async ({ actor, act, tenantId, subject, detail, correlationId, at }) => {
    const tenantHash = tenantId === undefined ? undefined : toTenantHash(tenantId);
    const recordedAt = at ?? now();
    await acts.record({ actor, act, tenantHash, subject, detail, recordedAt, correlationId });
  };
}
