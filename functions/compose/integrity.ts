import { createAcceptRows } from '../../shared/authority/accept-rows.ts';
import { createIntegrityCheck } from '../../shared/authority/integrity-check.ts';
import type { Log } from '../../shared/log.ts';
import type { Authority } from './authority.ts';
import type { Storage } from './storage.ts';

const { now } = Date;

/** Wires the look at everything that decides something, and the operator's act after it. */
export function composeIntegrity(
  { monitor, events, journal, reports }: Authority,
  { storage, log }: { storage: Storage; log: Log },
) {
  const { inspectables: tables } = storage;
  const check = createIntegrityCheck({ tables, events, monitor, reports, log, now });
  const accept = createAcceptRows({ tables, restartLedger: events.restart, journal, check });
  return { check, accept };
}
