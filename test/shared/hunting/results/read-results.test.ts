import { expect, test } from 'vitest';
import { createSeal } from '../../../../shared/crypto/seal.ts';
import type { Column, HuntProgress, ResultPart } from '../../../../shared/hunting/hunt.ts';
import type { HuntAccess } from '../../../../shared/hunting/hunt-access.ts';
import { createResultCursors } from '../../../../shared/hunting/results/cursor.ts';
import type { ResultFormat } from '../../../../shared/hunting/results/format.ts';
import { createReadResults } from '../../../../shared/hunting/results/read-results.ts';
import { createProgress } from '../../../../shared/hunting/run/progress.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { createFixedRing, createRingKey } from '../../../support/key-ring.ts';
import { createHunt } from '../run/hunt-values.ts';

const ONE = '11111111-0000-4000-8000-000000000001';
const OTHER = '22222222-0000-4000-8000-000000000002';
const NOW = Date.UTC(2026, 10, 21, 9);
const A: Column = { name: 'a', type: 'string' };
const B: Column = { name: 'b', type: 'string' };

/** A hunt whose parts are given as rows; each part has blobs of three rows. */
function setUp() {
  const hunt = createHunt();
  const parts: ResultPart[] = [];
  const blobs = new Map<string, readonly string[]>();
  const denied = new Set<string>();
  let progress: HuntProgress = createProgress(2, 0, NOW);
  const access: HuntAccess = {
    ensureCurrent: () => undefined,
    findNamed: () => Promise.resolve(undefined),
    findHuntable: (_, tenantId) =>
      Promise.resolve(
        denied.has(tenantId)
          ? undefined
          : { ...createTenant(tenantId, NOW), displayName: tenantId === ONE ? 'One' : undefined },
      ),
    mayHunt: () => Promise.resolve(true),
  };
  const seal = createSeal(createFixedRing(createRingKey('k')), () => NOW);
  const cursors = createResultCursors(seal, 'https://broker.example');
  const readResults = createReadResults({
    hunts: {
      listParts: (_, after, limit) =>
        Promise.resolve(parts.filter(({ number }) => number > after).slice(0, limit)),
    },
    results: { readChunk: (blob, chunk) => Promise.resolve(blobs.get(`${blob}/${chunk}`)) },
    access,
    cursors,
  });
  return {
    hunt,
    denied,
    blobs,
    cursors,
    add(
      tenantId: string,
      rows: readonly object[],
      { columns = [A], count = rows.length }: { columns?: readonly Column[]; count?: number } = {},
    ) {
      const number = parts.length + 1;
      const chunks: number[] = [];
      for (let at = 0; at < rows.length; at += 3) {
        const chunk = rows.slice(at, at + 3).map((row) => JSON.stringify(row));
        blobs.set(`${number}/${chunks.push(chunk.length) - 1}`, chunk);
      }
      parts.push({
        huntId: hunt.id,
        number,
        tenantId,
        columns,
        rows: count,
        blob: String(number),
        chunks,
      });
      const names = new Set(progress.columns.map(({ name }) => name));
      const all = [...progress.columns, ...columns.filter(({ name }) => !names.has(name))];
      progress = { ...progress, lastPart: number, columns: all };
    },
    finish() {
      progress = { ...progress, finishedAt: NOW };
    },
    read: (format: ResultFormat, cursor?: string) => {
      const caller = { id: hunt.callerId, kind: 'application', roles: [] } as const;
      return readResults({ caller, hunt, progress, cursor, format });
    },
  };
}

type ResultsSetUp = ReturnType<typeof setUp>;

/** Follows the cursor to the end; answers each page's lines. */
async function readAll({ read }: ResultsSetUp, format: ResultFormat) {
  const pages: (readonly string[])[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(format, cursor);
    pages.push(page.lines);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}

const LARGE = 'x'.repeat(700_000);

test('rows come in the order of storing, with whose they are in front', async () => {
  const hunted = setUp();
  hunted.add(OTHER, [{ a: '1' }]);
  hunted.add(ONE, [{ a: '2' }, { a: '3' }]);
  hunted.finish();
  expect(await readAll(hunted, 'ndjson')).toEqual([
    [
      `{"tenant_id":"${OTHER}","tenant_name":null,"a":"1"}`,
      `{"tenant_id":"${ONE}","tenant_name":"One","a":"2"}`,
      `{"tenant_id":"${ONE}","tenant_name":"One","a":"3"}`,
    ],
  ]);
});

test.each(['json', 'ndjson', 'csv'] as const)(
  'pages of %s have at most 4 MB, and together all rows',
  async (format) => {
    const hunted = setUp();
    for (let part = 0; part < 4; part++) {
      hunted.add(
        ONE,
        Array.from({ length: 7 }, (_, row) => ({ a: `${part}.${row}${LARGE}` })),
      );
    }
    hunted.finish();
    const pages = await readAll(hunted, format);
    const sizes = pages.map((lines) => Buffer.byteLength(lines.join('\n')));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(pages.length).toBeLessThanOrEqual(6);
    const found = pages.flat().flatMap((line) => /(\d\.\d)x/.exec(line)?.[1] ?? []);
    expect(found).toEqual(
      [0, 1, 2, 3].flatMap((part) => [0, 1, 2, 3, 4, 5, 6].map((row) => `${part}.${row}`)),
    );
  },
);

test('a row that is larger than a page is a page', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: 'first' }, { a: LARGE.repeat(8) }, { a: 'last' }]);
  hunted.finish();
  expect((await readAll(hunted, 'ndjson')).map((lines) => lines.length)).toEqual([1, 1, 1]);
});

test('pages of CSV concatenate: the header is on the first one alone', async () => {
  const hunted = setUp();
  hunted.add(
    ONE,
    Array.from({ length: 14 }, () => ({ a: LARGE })),
  );
  hunted.finish();
  const pages = await readAll(hunted, 'csv');
  expect(pages.length).toBeGreaterThan(2);
  expect(
    pages.map((lines) => lines.filter((line) => line.startsWith('tenant_id,')).length),
  ).toEqual(pages.map((_, page) => (page === 0 ? 1 : 0)));
});

test('the same cursor goes on while the hunt runs', async () => {
  const hunted = setUp();
  const empty = await hunted.read('csv');
  expect(empty).toMatchObject({ lines: [], next: expect.any(String) });
  hunted.add(ONE, [{ a: '1' }]);
  const first = await hunted.read('csv', empty.next);
  expect(first.lines).toEqual(['tenant_id,tenant_name,a\r\n', `${ONE},One,1\r\n`]);
  const nothing = await hunted.read('csv', first.next);
  expect(nothing.lines).toEqual([]);
  hunted.add(OTHER, [{ a: '2' }]);
  hunted.finish();
  const last = await hunted.read('csv', nothing.next);
  expect(last).toMatchObject({ lines: [`${OTHER},,2\r\n`], next: undefined });
});

test('a column that comes after the header of a CSV loses nothing: the reader is told to begin again', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  const first = await hunted.read('csv');
  hunted.add(OTHER, [{ a: '2', b: 'new' }], { columns: [A, B] });
  hunted.finish();
  await expect(hunted.read('csv', first.next)).rejects.toThrow('has got further columns');
  expect((await readAll(hunted, 'csv')).flat()).toEqual([
    'tenant_id,tenant_name,a,b\r\n',
    `${ONE},One,1,\r\n`,
    `${OTHER},,2,new\r\n`,
  ]);
  expect((await hunted.read('ndjson', undefined)).lines).toHaveLength(2);
});

test('a caller that loses a grant reads nothing more of that customer', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  hunted.add(OTHER, [{ a: '2' }]);
  hunted.finish();
  hunted.denied.add(ONE);
  expect(await hunted.read('ndjson')).toMatchObject({
    lines: [expect.stringContaining(OTHER)],
    withheldTenants: 1,
  });
});

test('rows over the limit of the hunt are in the blob, and not in the results', async () => {
  const hunted = setUp();
  hunted.add(
    ONE,
    [1, 2, 3, 4, 5, 6, 7].map((a) => ({ a: `${a}` })),
    { count: 4 },
  );
  hunted.finish();
  expect((await readAll(hunted, 'ndjson')).flat()).toHaveLength(4);
});

test('a blob that is gone with its customer is no error', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  hunted.add(OTHER, [{ a: '2' }]);
  hunted.blobs.delete('1/0');
  hunted.finish();
  expect((await readAll(hunted, 'ndjson')).flat()).toHaveLength(1);
});

test('a cursor is of one hunt and of one deployment, and can not be changed', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  const { next = '' } = await hunted.read('ndjson');
  await expect(hunted.read('ndjson', `${next.slice(0, -2)}xx`)).rejects.toThrow(
    'cursor was changed',
  );
  await expect(hunted.cursors.open('other', next)).rejects.toThrow('not of this hunt');
  await expect(hunted.read('ndjson', 'nonsense')).rejects.toThrow('cursor was changed');
});
