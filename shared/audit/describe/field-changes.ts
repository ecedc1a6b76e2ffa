import type { FieldChange } from '../audit-event.ts';
import { toTenantHash } from '../tenant-hash.ts';

/** A record as people read it: a text for each field; `undefined`: it has no value. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Nobody reads more, and an event has to fit into a row. */
const MAX_TEXT = 300;

/** Which fields differ, in the order of their names. */
export function listChanges(before: Fields, after: Fields): readonly FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: shorten(before[field]), after: shorten(after[field]) }));
}

function shorten(text: string | undefined): string | undefined {
  return text !== undefined && text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

const GUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** A text in which tenants are named by their hash: the ledger outlives an offboarding. */
export function withoutTenantIds(text: string): string {
  return text.replaceAll(GUID, (tenantId) => `tenant#${toTenantHash(tenantId)}`);
}
