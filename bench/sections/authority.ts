import { randomUUID } from 'node:crypto';
import { composeAuthority } from '../../functions/compose/authority.ts';
import type { AuditEvent, NewEvent } from '../../shared/audit/audit-event.ts';
import { FIRST_PREVIOUS_HASH, hashEvent } from '../../shared/audit/chain/event-json.ts';
import { walkChain } from '../../shared/audit/chain/verify-chain.ts';
import type { GuardedStore } from '../../shared/azure/authority/guarded-store.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { parseEventRow, toEventRow } from '../../shared/azure/events/event-row.ts';
import { createGrantTable } from '../../shared/azure/records/grant-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import type { ReadRow } from '../../shared/azure/tables/row.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { SILENT } from '../support/broker.ts';
import { measureInserts, timeHashes, toMicroseconds } from '../support/ledger-floor.ts';
import { createActiveTenant, createFullGrants } from '../support/memory-store.ts';
import { createRing } from '../support/ring.ts';
import { measureInTurn } from '../support/statistics.ts';
import { withStorage } from '../support/storage.ts';

const KEY = { kid: 'bench', key: new Uint8Array(32).fill(7), createdAt: 0 };
const SEAL = createSeal(createRing(KEY), Date.now);
const LOADS = 2000;
const EVENTS = 10_000;
const PARALLEL = 50;

function createProcess(azure: AzureClients) {
  const log = { ...SILENT, findScope: () => undefined };
  return composeAuthority(azure, { seal: SEAL, log });
}

/**
 * Microseconds that a tenant and its caller's grants take more than without a MAC, from the row
 * that storage answered.
 */
async function measureLoad(azure: AzureClients): Promise<Row> {
  const { guard } = createProcess(azure);
  const [tenantId, callerId] = [randomUUID(), randomUUID()];
  const open = (name: string) => () => azure.table(name);
  const create = (given: typeof guard | undefined) => {
    const tenants = createTenantTable(open('tenants'), SILENT, given);
    const grants = createGrantTable(open('callers'), SILENT, given);
    // Their ports hide how rows become records, which is what is measured.
    return {
      tenants: tenants as typeof tenants & Admits,
      grants: grants as typeof grants & Admits,
    };
  };
  const [guarded, plain] = [create(guard), create(undefined)];
  await guarded.tenants.insert(createActiveTenant(tenantId));
  await guarded.grants.insert(createFullGrants(callerId));
  const rows = await Promise.all([
    (await azure.table('tenants')).getEntity<Record<string, unknown>>('tenant', tenantId),
    (await azure.table('callers')).getEntity<Record<string, unknown>>('caller', callerId),
  ]);
  const medians = await measureInTurn(
    new Map([
      ['guarded', () => timeLoads(guarded, rows)],
      ['plain', () => timeLoads(plain, rows)],
    ]),
    5,
  );
  const [withMac = Number.NaN, without = Number.NaN] = [
    medians.get('guarded'),
    medians.get('plain'),
  ];
  return {
    what: 'loading a tenant and grants: more for MACs and versions',
    measured: { value: withMac - without, unit: 'µs' },
    against: { name: 'without', value: without, unit: 'µs' },
    bar: { of: 'measured', is: 'at most', limit: 60 },
  };
}

type Admits = Pick<GuardedStore<string, unknown>, 'admit'>;

interface Stores {
  readonly tenants: Admits;
  readonly grants: Admits;
}

async function timeLoads(
  { tenants, grants }: Stores,
  [tenant, caller]: readonly [ReadRow, ReadRow],
): Promise<number> {
  const before = process.cpuUsage();
  for (let load = 0; load < LOADS; load++) {
    await tenants.admit([tenant], SILENT);
    await grants.admit([caller], SILENT);
  }
  return toMicroseconds(process.cpuUsage(before)) / LOADS;
}

function makeEvent(index: number): NewEvent {
  return {
    ...({ actor: randomUUID(), act: 'tenant.patch', detail: 'status tags' } as const),
    ...{ tenantHash: 'x'.repeat(43), subject: undefined, occurredAt: undefined, once: undefined },
    changes: [{ field: 'tenants.status', before: 'active', after: 'disabled' }],
    rows: [
      {
        table: 'tenants',
        key: String(index),
        version: 2,
        digest: 'y'.repeat(22),
        endsAt: undefined,
      },
    ],
    correlationId: randomUUID(),
  };
}

/**
 * Seconds to verify the MAC of each row, parse it, and follow the chain: what a check does besides
 * reading.
 */
async function measureChain(): Promise<Row> {
  const seal = createRowSeal(SEAL, 'acts');
  const rows: ReadRow[] = [];
  const events: AuditEvent[] = [];
  let hash = FIRST_PREVIOUS_HASH;
  for (let sequence = 1; sequence <= EVENTS; sequence++) {
    const { once: _, ...content } = makeEvent(sequence);
    const event = { ...content, sequence, previousHash: hash, recordedAt: sequence };
    const hashed: AuditEvent = { ...event, hash: hashEvent(event) };
    hash = hashed.hash;
    events.push(hashed);
    rows.push({ ...(await seal.sign(toEventRow(hashed, 'commit'))), etag: '' } as ReadRow);
  }
  const before = process.cpuUsage();
  const walk = walkChain();
  for (const row of rows) if ((await seal.verify(row)) === 'valid') walk.take(parseEventRow(row));
  const seconds = toMicroseconds(process.cpuUsage(before)) / 1_000_000;
  const problem = walk.end({ sequence: EVENTS, hash });
  if (problem) throw new Error(`The chain does not hold: ${problem.problem}.`);
  const floor = timeHashes(events);
  return {
    what: `${EVENTS.toLocaleString('en-US')} audit events verified, MACs too`,
    measured: { value: seconds, unit: 's' },
    against: { name: 'their hashes alone', value: floor, unit: 's' },
    ratio: seconds / floor,
    bar: { of: 'measured', is: 'at most', limit: 2 },
  };
}

/** Events a second when so many processes append fifty at once, again and again. */
async function measureAppends(azure: AzureClients, processes: number): Promise<Row> {
  const ledgers = Array.from({ length: processes }, () => createProcess(azure).events);
  await ledgers[0]?.begin();
  const rounds = 4;
  const startedAt = performance.now();
  await Promise.all(
    ledgers.map(async ({ append }) => {
      for (let round = 0; round < rounds; round++) {
        const waiting = Array.from({ length: PARALLEL }, (_, index) => append([makeEvent(index)]));
        await Promise.all(waiting);
      }
    }),
  );
  const perSecond = (processes * rounds * PARALLEL * 1000) / (performance.now() - startedAt);
  const bare = await measureInserts(azure, PARALLEL);
  return {
    what: `audit events appended by ${processes} process(es), ${PARALLEL} at once in each`,
    measured: { value: perSecond, unit: 'events/s' },
    against: { name: 'bare inserts', value: bare, unit: 'rows/s' },
    ratio: perSecond / bare,
    bar: { of: 'measured', is: 'at least', limit: 50 },
  };
}

await reportSection(() =>
  withStorage(async (azure): Promise<SectionResult> => {
    const rows = [
      await measureLoad(azure),
      await measureChain(),
      await measureAppends(azure, 1),
      await measureAppends(azure, 4),
    ];
    return {
      rows,
      notes: [
        'Loading begins at the row that storage answered; medians of rounds that take turns.',
        'Appends go to a real Azurite; processes are brokers of their own in one Node process.',
      ],
    };
  }),
);
