import type { NewEvent } from '../../shared/audit/audit-event.ts';
import { createAuthorityProcess } from './authority.ts';
import { createClock } from './clock.ts';
import { openNewContainer, openNewTable } from './storage.ts';

/** Processes over one ledger, and what somebody else does to its table. */
export function setUp() {
  const clock = createClock();
  const place = { open: openNewTable('acts'), blobs: openNewContainer('ledger') };
  const createProcess = () => createAuthorityProcess(place, clock.now);
  const keyOf = (sequence: number) => String(sequence).padStart(16, '0');
  const read = async (rowKey: string) =>
    await (await place.open()).getEntity<Record<string, unknown>>('chain', rowKey);
  return { clock, place, createProcess, keyOf, read };
}

/** An event about a caller's grants. */
export function makeEvent(n: number, fields: Partial<NewEvent> = {}): NewEvent {
  return {
    actor: 'broker',
    act: 'grants.change',
    tenantHash: undefined,
    subject: `caller ${n}`,
    detail: undefined,
    changes: [],
    rows: [
      { table: 'callers', key: `caller ${n}`, version: 1, digest: `d${n}`, endsAt: undefined },
    ],
    occurredAt: undefined,
    correlationId: `c-${n}`,
    once: undefined,
    ...fields,
  };
}

/** A chain of the start and nine events, and the process that wrote it. */
export async function setUpChain() {
  const environment = setUp();
  const process = environment.createProcess();
  for (let n = 1; n < 10; n++) await process.events.append([makeEvent(n)]);
  return { ...environment, process, client: await environment.place.open() };
}

/** The row that counts the events. */
export const HEAD = { partitionKey: 'chain', rowKey: 'head' };

/** The keys of an event's row. */
export function at(sequence: number) {
  return { partitionKey: 'chain', rowKey: String(sequence).padStart(16, '0') };
}
