import { expect, test } from 'vitest';
import { parseExport, parseLogLines, verifyExport } from '../../local/audit/verify-export.ts';
import type { AuditEvent } from '../../shared/audit/audit-event.ts';
import {
  FIRST_PREVIOUS_HASH,
  hashEvent,
  toEventJson,
} from '../../shared/audit/chain/event-json.ts';

/** A chain of so many events. */
function createChain(count: number): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let sequence = 1; sequence <= count; sequence++) {
    const event = {
      ...{ sequence, previousHash: events.at(-1)?.hash ?? FIRST_PREVIOUS_HASH },
      ...({ actor: 'operator', act: 'tenant.patch', detail: `change ${sequence}` } as const),
      ...{ tenantHash: undefined, subject: undefined, occurredAt: undefined },
      ...{ changes: [], rows: [], recordedAt: sequence * 1000, correlationId: 'one' },
    };
    events.push({ ...event, hash: hashEvent(event) });
  }
  return events;
}

const CHAIN = createChain(9);
const EVENTS = CHAIN.map((event) => ({ ...toEventJson(event), hash: event.hash }));
const toLine = ({ sequence, hash }: AuditEvent) =>
  JSON.stringify({ event: 'audit.recorded', sequence, hash, act: 'tenant.patch' });

test('pages of the API and lines of events are read alike', () => {
  const last = CHAIN.at(-1);
  const chain = { holds: true, head_sequence: 9, head_hash: last?.hash };
  const page = JSON.stringify({ value: EVENTS, chain });
  const lines = EVENTS.map((event) => JSON.stringify(event)).join('\n');
  expect(parseExport(page)).toEqual({
    events: CHAIN,
    heads: [{ sequence: 9, hash: last?.hash }],
  });
  expect(parseExport(`${lines}\n`)).toEqual({ events: CHAIN, heads: [] });
});

test('a whole chain holds, in any order and from any beginning', () => {
  for (const events of [CHAIN, CHAIN.toReversed(), [...CHAIN, ...CHAIN], CHAIN.slice(3)]) {
    expect(verifyExport(events, [])).toMatchObject({ problem: undefined, missing: [] });
  }
});

const REWRITTEN = { ...CHAIN[4], detail: 'nothing' } as AuditEvent;

test.each([
  ['one in the middle is gone', CHAIN.toSpliced(4, 1), { problem: 'gap', sequence: 5 }],
  ['one was changed', CHAIN.with(4, REWRITTEN), { problem: 'changed', sequence: 5 }],
  [
    'one was changed and hashed anew',
    CHAIN.with(4, { ...REWRITTEN, hash: hashEvent(REWRITTEN) }),
    { problem: 'broken', sequence: 6 },
  ],
  [
    'the first was made up',
    CHAIN.with(0, { ...REWRITTEN, sequence: 1, hash: '' }),
    { problem: 'changed', sequence: 1 },
  ],
])('a chain in which %s does not hold', (_, events, problem) => {
  expect(verifyExport(events, []).problem).toEqual(problem);
});

test('an end that was cut, and a chain that was made up as a whole, differ from the log', () => {
  const logged = parseLogLines([...CHAIN.map(toLine), 'no JSON: audit.recorded', ''].join('\n'));
  expect(logged).toHaveLength(9);
  expect(verifyExport(CHAIN, logged).missing).toEqual([]);
  expect(verifyExport(CHAIN.slice(0, 7), logged).missing).toEqual(logged.slice(7));
  const madeUp = createChain(9).map((event) => ({ ...event, actor: 'somebody' }));
  expect(verifyExport(madeUp, [{ sequence: 9, hash: 'another' }]).missing).toHaveLength(1);
});
