import { createAcceptRows } from '../../shared/authority/accept-rows.ts';
import { isIntegrityError } from '../../shared/authority/integrity.ts';
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
  const findFeedEnd = () => storage.changeFeed.bounds().then(({ last }) => last, toUnknown);
  const check = createIntegrityCheck({
    ...{ tables, events, monitor, reports, findFeedEnd, log, now },
  });
  const accept = createAcceptRows({ tables, restartLedger: events.restart, journal, check });
  return { check, accept };
}

/** The monitor has raised the alarm. */
function toUnknown(error: unknown): undefined {
  if (!isIntegrityError(error)) throw error;
}
