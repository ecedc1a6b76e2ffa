import * as v from 'valibot';
import type { EndedSession, EndedSessionStore } from '../../sessions/ended-sessions.ts';
import { createRemoveExpired, type Expiring } from '../tables/expiring.ts';
import { createTableStore, type Mapping, type OpenTable } from '../tables/table-store.ts';

const ROW_KEY = 'ended';

const rowSchema = v.object({ partitionKey: v.string(), expiresAt: v.date() });

const mapping: Mapping<string, EndedSession> = {
  toRowId: (idHash) => ({ partitionKey: idHash, rowKey: ROW_KEY }),
  toRow: ({ idHash, expiresAt }) => ({
    partitionKey: idHash,
    rowKey: ROW_KEY,
    expiresAt: new Date(expiresAt),
  }),
  parseRow: (row) => {
    const { partitionKey, expiresAt } = v.parse(rowSchema, row);
    return { idHash: partitionKey, expiresAt: expiresAt.getTime() };
  },
};

/** The table `endedsessions`: a row for each session that was signed out, until its own end. */
export function createEndedSessionTable(open: OpenTable): EndedSessionStore & Expiring {
  return { ...createTableStore(open, mapping), removeExpired: createRemoveExpired(open) };
}
