import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeFeedTable } from '../../../../shared/azure/feed/change-feed-table.ts';
import type { OpenTable } from '../../../../shared/azure/tables/table-store.ts';
import type { ChangeFeed, IncidentChange } from '../../../../shared/incidents/feed/change-feed.ts';
import { at, makeIncident } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { runs } from '../../../support/runs.ts';
import { openNewTable, openNewTableTwice } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

function makeChange(incidentId: string, tenantId = TENANT): IncidentChange {
  return { kind: 'updated', incident: makeIncident({ incidentId, tenantId }), recordedAt: 1000 };
}

const makeChanges = (ids: readonly (number | string)[], tenantId = TENANT) =>
  ids.map((id) => makeChange(String(id), tenantId));

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function readAll(feed: ChangeFeed, after = 0) {
  const { changes } = await feed.read(after, 10_000);
  return {
    ids: changes.map(({ incident }) => incident.incidentId),
    sequences: changes.map(({ sequence }) => sequence),
  };
}

function setUp() {
  const open = openNewTable('feed');
  const log = createRecordedLog();
  return { open, log, feed: createChangeFeedTable(open, log) };
}

test('an empty feed has nothing to read and can be resumed from its start', async () => {
  const { feed } = setUp();
  expect(await feed.read(0, 10)).toEqual({ changes: [], unreadable: [], position: 0 });
  expect(await feed.read(7, 10)).toEqual({ changes: [], unreadable: [], position: 7 });
  expect(await feed.bounds()).toEqual({ first: 0, last: 0 });
});

test('changes come back whole, numbered from one, page by page', async () => {
  const { feed } = setUp();
  const changes = makeChanges(range(250));
  await feed.append(changes);
  const first = await feed.read(0, 100);
  expect(first.changes[0]).toEqual({ ...changes[0], sequence: 1 });
  expect(first.position).toBe(100);
  expect((await feed.read(100, 1000)).changes).toHaveLength(150);
  expect(await readAll(feed)).toEqual({ ids: range(250).map(String), sequences: range(250) });
  expect(await feed.bounds()).toEqual({ first: 0, last: 250 });
});

test('a change of an incident with very many comments comes with the last ones', async () => {
  const { feed } = setUp();
  const comment = { createdBy: undefined, createdAt: at('2026-11-21T08:00:00Z') };
  const comments = Array.from({ length: 900 }, (_, index) => ({
    ...comment,
    comment: Array.from({ length: 90 }, (_, place) => Math.sin(index * 90 + place)).join(),
  }));
  const incident = makeIncident({ comments });
  const long = { kind: 'created' as const, recordedAt: 1, incident };
  const shorter = { ...incident, comments: comments.slice(0, 30) };
  await feed.append([long, { ...long, incident: shorter }]);
  const { changes } = await feed.read(0, 10);
  expect(changes[0]?.incident.comments).toHaveLength(10);
  expect(changes[1]?.incident).toEqual(shorter);
});

test('what a change holds is bounded, however well it compresses', async () => {
  const { feed } = setUp();
  const incident = makeIncident({ name: 'x'.repeat(5_000_000) });
  await feed.append([{ kind: 'created', recordedAt: 1, incident }]);
  expect((await feed.read(0, 1)).changes[0]?.incident.name).toHaveLength(1000);
});

test('two processes that append at once give every change one number, without a gap', async () => {
  const [one, other] = openNewTableTwice('feed');
  const feeds = [one, other].map((open) => createChangeFeedTable(open, createRecordedLog()));
  const watched: number[][] = [];
  const watch = async () => {
    for (let turn = 0; turn < 15; turn++)
      watched.push((await readAll(feeds[0] ?? never())).sequences);
  };
  const write = async (feed: ChangeFeed, name: number) => {
    for (const batch of range(12))
      await feed.append(makeChanges(range(3).map((n) => name + batch * 10 + n)));
  };
  await Promise.all([
    ...feeds.flatMap((feed, index) => [
      write(feed, 1000 + 4000 * index),
      write(feed, 3000 + 4000 * index),
    ]),
    watch(),
  ]);
  const { ids, sequences } = await readAll(feeds[0] ?? never());
  expect(sequences).toEqual(range(144));
  expect(new Set(ids).size).toBe(144);
  expect(watched.filter((seen) => seen.some((sequence, index) => sequence !== index + 1))).toEqual(
    [],
  );
  const ofWriter = (name: string) => ids.filter((id) => id.startsWith(name));
  expect(['1', '3', '5', '7'].map(ofWriter)).toEqual(
    ['1', '3', '5', '7'].map((name) => ofWriter(name).toSorted()),
  );
});

function never(): never {
  throw new Error('There are two feeds.');
}

test('whatever batches two processes append, the feed is one order of them', async () => {
  const batches = fc.array(fc.tuple(fc.nat(1), fc.integer({ min: 1, max: 120 })), { maxLength: 8 });
  const property = fc.asyncProperty(batches, async (given) => {
    const [one, other] = openNewTableTwice('feed');
    const feeds = [one, other].map((open) => createChangeFeedTable(open, createRecordedLog()));
    await Promise.all(
      given.map(([process, count], batch) =>
        feeds[process]?.append(makeChanges(range(count).map((n) => batch * 1000 + n))),
      ),
    );
    const { ids, sequences } = await readAll(feeds[0] ?? never());
    const total = given.reduce((sum, [, count]) => sum + count, 0);
    expect(sequences).toEqual(range(total));
    const ofProcess = (process: number) =>
      given.flatMap(([by, count], batch) =>
        by === process ? range(count).map((n) => String(batch * 1000 + n)) : [],
      );
    const expected = [ofProcess(0), ofProcess(1)];
    expect(expected.map((own) => ids.filter((id) => own.includes(id)))).toEqual(expected);
  });
  await fc.assert(property, { numRuns: runs(3) });
});

/** A table whose transactions are committed while their answers are lost. */
function loseAnswers(open: OpenTable, count: number): OpenTable {
  let left = count;
  return async () => {
    const client = await open();
    return new Proxy(client, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (name !== 'submitTransaction') {
          return typeof member === 'function' ? member.bind(target) : member;
        }
        return async (actions: Parameters<typeof client.submitTransaction>[0]) => {
          const answer = await target.submitTransaction(actions);
          if (left-- > 0) return await target.submitTransaction(actions);
          return answer;
        };
      },
    });
  };
}

test('an append whose answer was lost, and that was repeated, is in the feed once', async () => {
  const { open, log } = setUp();
  const feed = createChangeFeedTable(loseAnswers(open, 2), log);
  await feed.append(makeChanges(['1', '2']));
  await feed.append(makeChanges(['3']));
  await feed.append(makeChanges(['4']));
  expect(await readAll(feed)).toEqual({ ids: ['1', '2', '3', '4'], sequences: [1, 2, 3, 4] });
});

test('an append that failed is told, and the next one goes on', async () => {
  const { open, log } = setUp();
  let fails = true;
  const feed = createChangeFeedTable(
    () => (fails ? Promise.reject(new Error('down')) : open()),
    log,
  );
  await expect(feed.append(makeChanges(['1']))).rejects.toThrow('Azure Storage');
  fails = false;
  await feed.append(makeChanges(['2']));
  expect(await readAll(feed)).toEqual({ ids: ['2'], sequences: [1] });
});

test('old changes are removed up to a limit, and can not be resumed from', async () => {
  const { feed } = setUp();
  await feed.append(makeChanges(range(150)));
  await feed.append([{ ...makeChange('151'), recordedAt: 2000 }, makeChange('152')]);
  expect(await feed.removeBefore(1000, 500)).toBe(0);
  expect(await feed.removeBefore(2000, 100)).toBe(100);
  expect(await feed.bounds()).toEqual({ first: 100, last: 152 });
  expect(await feed.removeBefore(2000, 100)).toBe(50);
  expect((await readAll(feed)).sequences).toEqual([151, 152]);
  await feed.removeBefore(3000, 100);
  await feed.append(makeChanges(['153']));
  expect(await readAll(feed)).toEqual({ ids: ['153'], sequences: [153] });
});

test('a number is never given twice, even when its change is gone', async () => {
  const [one, other] = openNewTableTwice('feed');
  const first = createChangeFeedTable(one, createRecordedLog());
  const second = createChangeFeedTable(other, createRecordedLog());
  await first.append(makeChanges(['1'], OTHER_TENANT));
  await second.append(makeChanges(['2', '3']));
  await second.removeTenant(TENANT);
  await first.append(makeChanges(['4']));
  expect(await readAll(first)).toEqual({ ids: ['1', '4'], sequences: [1, 4] });
});

test("a tenant's changes are removed and the others keep their numbers", async () => {
  const { feed } = setUp();
  await feed.append([...makeChanges(range(120)), ...makeChanges(['x'], OTHER_TENANT)]);
  expect(await feed.removeTenant(TENANT)).toBe(120);
  expect(await readAll(feed)).toEqual({ ids: ['x'], sequences: [121] });
  expect(await feed.bounds()).toEqual({ first: 0, last: 121 });
});

test('a change that can not be read is logged and passed by', async () => {
  const { open, log, feed } = setUp();
  await feed.append(makeChanges(['1', '2']));
  const odd = { partitionKey: 'feed', rowKey: '0000000000000002', kind: 'exploded' };
  await (await open()).updateEntity(odd, 'Merge');
  expect(await feed.read(0, 10)).toMatchObject({ changes: [{ sequence: 1 }], position: 2 });
  expect(log.lines.map(({ event }) => event)).toEqual(['row.unreadable']);
});
