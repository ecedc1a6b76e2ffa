import type { Log } from '../log.ts';
import type { RecordEvent } from './record-event.ts';

/**
 * A version of the client credential that came into use, or that Entra refused and another
 * replaced.
 */
interface CredentialChange {
  readonly kind: string;
  readonly version: string;
  readonly change: 'put' | 'refused';
  /** When the version was put into Key Vault (epoch milliseconds). */
  readonly createdAt: number;
}

/**
 * Records a change of the client credential; never rejects: a ledger that is down must not stop the
 * broker.
 */
export type RecordCredential = (change: CredentialChange) => Promise<void>;

/** Creates the function. What was put into Key Vault is one record, whichever processes find it. */
export function createRecordCredential({
  recordEvent,
  log,
}: {
  recordEvent: RecordEvent;
  log: Log;
}): RecordCredential {
  return async ({ kind, version, change, createdAt }) => {
    try {
      await recordEvent({
        actor: 'broker',
        act: `credential.${change}`,
        subject: version,
        detail: kind,
        correlationId: version,
        ...(change === 'put' && { at: createdAt, once: `credential.put|${kind}|${version}` }),
      });
    } catch {
      log.warn('credential.not_recorded', { kind, version, change });
    }
  };
}
