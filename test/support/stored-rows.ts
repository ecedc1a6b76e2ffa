import { createRowSeal, type RowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createChangeFeedTable } from '../../shared/azure/feed/change-feed-table.ts';
import { createEpochTable } from '../../shared/azure/records/epoch-table.ts';
import type { StreamGuard } from '../../shared/azure/streams/stream-guard.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createOutboxTable } from '../../shared/azure/webhooks/outbox-table.ts';
import { change } from '../../shared/store.ts';
import { createAuthorityProcess } from './authority.ts';
import { type AuthorityTableCase, ONE, OTHER, TABLES } from './authority-tables.ts';
import { createClock } from './clock.ts';
import { makeEvent } from './event-chain.ts';
import { makeIncident } from './incidents.ts';
import { createFixedSeal, createRingKey } from './key-ring.ts';
import { openNewContainer, openNewTable } from './storage.ts';
import { OTHER_TENANT, TENANT } from './tokens.ts';

/** A row as it lies in storage. */
export type StoredRow = Readonly<Record<string, unknown>> & {
  readonly partitionKey: string;
  readonly rowKey: string;
};

/** Rows of one kind that brokers wrote, and what checks them. */
export interface RowKind {
  readonly title: string;
  readonly table: string;
  readonly rows: RowSeal;
  readonly row: StoredRow;
  /** Another row of the kind, or of the same table. */
  readonly other: StoredRow;
  /** The row as it was before it was changed; of what never changes, another one. */
  readonly older: StoredRow;
}

const { now } = createClock();
const { seal } = createFixedSeal(createRingKey('one'));

/** Real rows of every kind that carries a MAC, written by the broker's own tables. */
export async function collectRows(): Promise<readonly RowKind[]> {
  const acts = openNewTable('acts');
  const process = startProcess(acts);
  await process.events.begin();
  const kinds = await Promise.all(TABLES.map(collectRecords));
  const rest = [collectEpoch(process), collectFeed(process), collectOutbox(process)];
  return [...kinds, ...(await collectEvents(acts, process)), ...(await Promise.all(rest)).flat()];
}

type Process = ReturnType<typeof createAuthorityProcess>;

function startProcess(open: OpenTable) {
  return createAuthorityProcess({ open, blobs: openNewContainer('ledger'), tables: [] }, now);
}

/** In a ledger of its own: tombstones have the ids of tenants. */
async function collectRecords(table: AuthorityTableCase): Promise<RowKind> {
  const open = openNewTable(table.name);
  const store = table.create(open, startProcess(openNewTable('acts')));
  const read = (key: string) => readStored(open, table.partitionOf(key), table.rowKeyOf(key));
  await store.insert(table.make(ONE));
  await store.insert({ ...table.make(OTHER), ...table.passing });
  const older = await read(ONE);
  await change(store, ONE, (value) => value && { ...value, ...table.changed, ...table.passing });
  const rows = createRowSeal(seal, table.name);
  const { title, name } = table;
  return { title, table: name, rows, row: await read(ONE), other: await read(OTHER), older };
}

async function collectEvents(open: OpenTable, process: Process): Promise<readonly RowKind[]> {
  const rows = createRowSeal(seal, 'acts');
  const head = () => readStored(open, 'chain', 'head');
  const event = (number: number) => readStored(open, 'chain', toKey(number));
  const older = await head();
  const tenants = [{ tenantHash: 'one' }, { tenantHash: 'other' }];
  for (const [n, fields] of tenants.entries()) {
    await process.events.append([makeEvent(n, { ...fields, once: `once ${n}` })]);
  }
  const { next } = await head();
  const [first, second] = [await event(Number(next) - 2), await event(Number(next) - 1)];
  const [once, other] = [
    await readStored(open, 'chain', 'once|once 0'),
    await readStored(open, 'chain', 'once|once 1'),
  ];
  return [
    {
      title: 'the head of the ledger',
      table: 'acts',
      rows,
      row: await head(),
      other: second,
      older,
    },
    { title: 'events', table: 'acts', rows, row: second, other: first, older: first },
    { title: 'marks of events', table: 'acts', rows, row: once, other, older: other },
  ];
}

async function collectEpoch({ monitor }: Process): Promise<readonly RowKind[]> {
  const open = openNewTable('epoch');
  const rows = createRowSeal(seal, 'epoch');
  const epoch = createEpochTable(open, { rows, monitor });
  const versions: StoredRow[] = [];
  for (let moves = 0; moves < 3; moves++) {
    await epoch.advance();
    versions.push(await readStored(open, 'epoch', 'epoch'));
  }
  const [other, older, row] = versions;
  return row && other && older
    ? [{ title: 'the epoch', table: 'epoch', rows, row, other, older }]
    : [];
}

async function collectFeed({ monitor, log }: Process): Promise<readonly RowKind[]> {
  const open = openNewTable('feed');
  const rows = createRowSeal(seal, 'incidentchanges');
  const guard: StreamGuard = { table: 'incidentchanges', rows, monitor };
  const feed = createChangeFeedTable(open, log, guard);
  const append = (kind: 'created' | 'updated', tenantId: string, recordedAt: number) =>
    feed.append([{ kind, incident: makeIncident({ tenantId }), recordedAt }]);
  await append('created', TENANT, 1000);
  const older = await readStored(open, 'feed', 'head');
  await append('updated', OTHER_TENANT, 2000);
  const [first, second] = [
    await readStored(open, 'feed', toKey(1)),
    await readStored(open, 'feed', toKey(2)),
  ];
  const head = await readStored(open, 'feed', 'head');
  return [
    {
      title: 'the head of the feed',
      table: 'incidentchanges',
      rows,
      row: head,
      other: first,
      older,
    },
    {
      title: 'changes of the feed',
      table: 'incidentchanges',
      rows,
      row: second,
      other: first,
      older: first,
    },
  ];
}

async function collectOutbox({ monitor, log }: Process): Promise<readonly RowKind[]> {
  const open = openNewTable('outbox');
  const rows = createRowSeal(seal, 'webhookoutbox');
  const outbox = createOutboxTable(open, log, { table: 'webhookoutbox', rows, monitor });
  const append = async (id: string, feedSequence: number) => {
    const entries = [{ feedSequence, recordedAt: feedSequence }];
    await outbox.append(id, await outbox.find(id), { entries, position: feedSequence });
  };
  await append('one', 11);
  const older = await readStored(open, 'one', 'head');
  await append('one', 12);
  await append('other', 13);
  const [first, second] = [
    await readStored(open, 'one', toKey(1)),
    await readStored(open, 'one', toKey(2)),
  ];
  const [row, other] = [
    await readStored(open, 'one', 'head'),
    await readStored(open, 'other', 'head'),
  ];
  return [
    { title: 'heads of outboxes', table: 'webhookoutbox', rows, row, other, older },
    {
      title: 'entries of outboxes',
      table: 'webhookoutbox',
      rows,
      row: second,
      other: first,
      older: first,
    },
  ];
}

async function readStored(open: OpenTable, partition: string, key: string): Promise<StoredRow> {
  const row = await (await open()).getEntity<Record<string, unknown>>(partition, key);
  const own = Object.entries(row).filter(
    ([name]) => !name.startsWith('odata.') && !['etag', 'timestamp'].includes(name),
  );
  return { ...Object.fromEntries(own), partitionKey: partition, rowKey: key };
}

function toKey(sequence: number): string {
  return String(sequence).padStart(16, '0');
}
