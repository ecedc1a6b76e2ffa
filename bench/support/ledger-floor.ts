import { randomUUID } from 'node:crypto';
import type { AuditEvent } from '../../shared/audit/audit-event.ts';
import { hashEvent } from '../../shared/audit/chain/event-json.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';

/** Nothing is waited for, so the processor's time is the time on an idle machine. */
export function toMicroseconds({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** Seconds to hash each event anew: what no check of a chain can go without. */
export function timeHashes(events: readonly AuditEvent[]): number {
  const before = process.cpuUsage();
  for (const event of events) hashEvent(event);
  return toMicroseconds(process.cpuUsage(before)) / 1_000_000;
}

/** Rows a second that a table takes, so many at once, which no chain holds together. */
export async function measureInserts(azure: AzureClients, parallel: number): Promise<number> {
  const table = await azure.table('bare');
  const insert = () =>
    table.createEntity({ partitionKey: 'bare', rowKey: randomUUID(), text: 'x'.repeat(1000) });
  await insert();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: parallel }, insert));
  return (parallel * 1000) / (performance.now() - startedAt);
}
