import * as v from 'valibot';
import type { AuditEvent } from '../../audit/audit-event.ts';
import { parseEventJson, toEventJson } from '../../audit/chain/event-json.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { CHAIN } from './ledger-head.ts';

/** Safe integers have 16 digits. */
const DIGITS = 16;

const rowSchema = v.object({
  hash: v.string(),
  content: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
});

/** An event as a row: its JSON, and beside it what is filtered on. */
export function toEventRow(event: AuditEvent, commit: string): Row {
  return {
    partitionKey: CHAIN,
    rowKey: toEventKey(event.sequence),
    content: JSON.stringify(toEventJson(event)),
    hash: event.hash,
    tenantHash: event.tenantHash,
    recordedAt: new Date(event.recordedAt),
    commit,
  };
}

/** Throws when the row is no event. Whether it is a genuine one its MAC and the chain tell. */
export function parseEventRow(row: ReadRow): AuditEvent {
  const { hash, content } = v.parse(rowSchema, row);
  return parseEventJson({ ...content, hash });
}

/** Text of one length, so that rows lie in the order of their numbers. */
export function toEventKey(sequence: number): string {
  return String(sequence).padStart(DIGITS, '0');
}
