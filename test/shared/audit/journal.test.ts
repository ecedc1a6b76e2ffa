import { expect, test } from 'vitest';
import type { NewEvent } from '../../../shared/audit/audit-event.ts';
import { createJournal, type PendingChange } from '../../../shared/audit/journal.ts';

const CHANGE: PendingChange = {
  row: { table: 'callers', key: 'caller', version: 2, digest: undefined, endsAt: undefined },
  act: 'grants.change',
  tenantHash: undefined,
  subject: 'caller',
  detail: 'removed',
  changes: [],
};

test('an event that another process may have recorded before takes no change along', async () => {
  const recorded: NewEvent[] = [];
  const scope = { actor: 'operator', correlationId: 'c', pending: [CHANGE] };
  const append = (events: readonly NewEvent[]) => {
    recorded.push(...events.filter(({ once }) => once === undefined));
    return Promise.resolve();
  };
  const ledger = { append, begin: () => Promise.resolve() };
  const journal = createJournal({ ledger, findScope: () => scope });
  const done = { actor: 'broker', act: 'credential.put', correlationId: 'c' } as const;
  await journal.record({ ...done, once: 'credential.put|secret|v2' });
  await journal.flush();
  expect(recorded.map(({ rows }) => rows)).toEqual([[CHANGE.row]]);
});
