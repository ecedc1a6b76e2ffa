import { setTimeout } from 'node:timers/promises';
import type { Refusals } from '../../shared/authority/refusals.ts';
import { createHuntTable } from '../../shared/azure/hunting/hunt-table.ts';
import { createQuotaTable } from '../../shared/azure/hunting/quota-table.ts';
import { createResultBlobs } from '../../shared/azure/hunting/result-blobs.ts';
import { createRowLog } from '../../shared/azure/tables/row-log.ts';
import { createRefuseHunt } from '../../shared/hunting/refuse-hunt.ts';
import type { EnqueueRun } from '../../shared/hunting/run/run-parts.ts';
import { createWriteRun } from '../../shared/hunting/run/write-run.ts';
import type { Log } from '../../shared/log.ts';
import { refuseLateHunts, refuseLateQuotas } from '../../shared/offboarding/late-hunt-writes.ts';
import { createPurgeHunts } from '../../shared/offboarding/purge-hunts.ts';
import { HUNT_QUEUE } from '../queues.ts';
import type { Storage } from './storage.ts';

/** The tables, blobs and the queue of hunts, wired. */
export type HuntStorage = ReturnType<typeof composeHuntStorage>;

/** Wires the tables, blobs and the queue of hunts. */
export function composeHuntStorage({
  storage,
  refusals,
  log,
}: {
  storage: Storage;
  refusals: Refusals;
  log: Log;
}) {
  const { openTable: open, openContainer, tenants, findTombstone } = storage;
  const hunts = createHuntTable(open('hunts'), createRowLog(log, refusals, 'hunts'));
  const refuse = createRefuseHunt(refusals);
  const results = createResultBlobs(openContainer('hunts'), refuse);
  const quotas = refuseLateQuotas(createQuotaTable(open('huntquota')), findTombstone);
  const writeRun = createWriteRun({ hunts, sleep: setTimeout });
  const purge = createPurgeHunts({ hunts, results, quotas, writeRun, now: Date.now });
  const send = storage.send(HUNT_QUEUE);
  const enqueue: EnqueueRun = ({ huntId, index }, delayMs) => send({ huntId, index }, delayMs);
  return {
    hunts: refuseLateHunts(hunts, { tenants, purge }),
    results,
    refuse,
    quotas,
    queries: storage.savedQueries,
    purge,
    enqueue,
  };
}
