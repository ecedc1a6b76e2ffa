import type { Relation } from '../kql/value.ts';
import { deviceInfo, deviceLogonEvents, deviceProcessEvents } from './devices.ts';
import {
  alertEvidence,
  alertInfo,
  cloudAppEvents,
  emailEvents,
  identityLogonEvents,
} from './others.ts';
import { createRelation, type TableShape } from './table.ts';

/** Every table that the stand-in knows. */
export const TABLES: readonly TableShape[] = [
  deviceInfo,
  deviceProcessEvents,
  deviceLogonEvents,
  alertInfo,
  alertEvidence,
  emailEvents,
  identityLogonEvents,
  cloudAppEvents,
];

/** The tables of all customers. */
export interface TableSet {
  /** `undefined`: the customer has no such table. */
  readonly find: (tenantId: string, name: string) => Relation | undefined;
  /** A customer without the licence for a table. */
  readonly withdraw: (tenantId: string, name: string) => void;
  /** A customer with more rows, or fewer, than is usual. */
  readonly setRows: (tenantId: string, name: string, count: number) => void;
}

/**
 * Creates the tables; their rows lie in the thirty days, less an hour, before `now` (epoch
 * milliseconds).
 */
export function createTables(now: number): TableSet {
  const counts = new Map<string, number>();
  const toKey = (tenantId: string, name: string) => `${tenantId} ${name}`;
  return {
    find(tenantId, name) {
      const shape = TABLES.find((table) => table.name === name);
      if (!shape) return undefined;
      const count = counts.get(toKey(tenantId, name)) ?? shape.usualRows;
      return count < 0 ? undefined : createRelation(shape, { tenantId, count, now });
    },
    withdraw: (tenantId, name) => void counts.set(toKey(tenantId, name), -1),
    setRows: (tenantId, name, count) => void counts.set(toKey(tenantId, name), count),
  };
}
