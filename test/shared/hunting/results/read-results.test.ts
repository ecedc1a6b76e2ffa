import { expect, test } from 'vitest';
import type { Refusal } from '../../../../shared/authority/refusal.ts';
import { createSeal } from '../../../../shared/crypto/seal.ts';
import type { Column, HuntProgress, ResultPart } from '../../../../shared/hunting/hunt.ts';
import type { HuntAccess } from '../../../../shared/hunting/hunt-access.ts';
import { createRefuseHunt } from '../../../../shared/hunting/refuse-hunt.ts';
import { mergeColumns } from '../../../../shared/hunting/results/columns.ts';
import { createResultCursors } from '../../../../shared/hunting/results/cursor.ts';
import type { ResultFormat } from '../../../../shared/hunting/results/format.ts';
import {
  createReadResults,
  type ResultPage,
} from '../../../../shared/hunting/results/read-results.ts';
import { createProgress } from '../../../../shared/hunting/run/progress.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { createFixedRing, createRingKey } from '../../../support/key-ring.ts';
import { toBatches, toLines } from '../memory.ts';
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
  const unreadable = new Set<number>();
  const fetched: string[] = [];
  const refused: Refusal[] = [];
  let progress: HuntProgress = createProgress(2, 0, NOW);
  const access: HuntAccess = {
    ensureCurrent: () => undefined,
    isBlocked: () => false,
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
        Promise.resolve(
          parts
            .filter(({ number }) => number > after)
            .slice(0, limit)
            .filter(({ number }) => !unreadable.has(number)),
        ),
    },
    results: {
      readChunk: (blob, chunk) => {
        fetched.push(`${blob}/${chunk}`);
        return Promise.resolve(toBatches(blobs.get(`${blob}/${chunk}`)));
      },
    },
    access,
    cursors,
    refuse: createRefuseHunt({ report: (refusal) => refused.push(refusal) }),
  });
  return {
    refused,
    hunt,
    denied,
    unreadable,
    fetched,
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
      progress = {
        ...progress,
        lastPart: number,
        columns: mergeColumns(progress.columns, columns),
      };
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

/** Follows the cursor to the end. */
async function readPages({ read }: ResultsSetUp, format: ResultFormat) {
  const pages: ResultPage[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(format, cursor);
    pages.push(page);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}

/** The lines of each page. */
async function readAll(hunted: ResultsSetUp, format: ResultFormat) {
  return (await readPages(hunted, format)).map(toLines);
}

const LARGE = 'x'.repeat(700_000);

test('rows come in the order of storing, with whose they are in front', async () => {
  const hunted = setUp();
  hunted.add(OTHER, [{ a: '1' }]);
  hunted.add(ONE, [{ a: '2' }, { a: '3' }]);
  hunted.finish();
  expect(await readAll(hunted, 'ndjson')).toEqual([
    [
      `{"tenant_id":"${OTHER}","tenant_name":null,"a":"1"}\n`,
      `{"tenant_id":"${ONE}","tenant_name":"One","a":"2"}\n`,
      `{"tenant_id":"${ONE}","tenant_name":"One","a":"3"}\n`,
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
    const pages = await readPages(hunted, format);
    const sizes = pages.map(({ text }) => text.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(pages.length).toBeLessThanOrEqual(6);
    const found = pages.flatMap(({ text }) => String(text).match(/\d\.\d(?=x)/g));
    expect(found).toEqual(
      [0, 1, 2, 3].flatMap((part) => [0, 1, 2, 3, 4, 5, 6].map((row) => `${part}.${row}`)),
    );
  },
);

test('a page of JSON has at most 4 MB with its columns, which may be many', async () => {
  const hunted = setUp();
  const columns = Array.from({ length: 900 }, (_, number) => ({
    name: `${'c'.repeat(100)}${number}`,
    type: 'string',
  }));
  const rows = Array.from({ length: 8 }, () => ({ [columns[0]?.name ?? '']: LARGE }));
  hunted.add(ONE, rows, { columns });
  hunted.finish();
  const { text } = await hunted.read('json');
  const beside = Buffer.byteLength(JSON.stringify(columns));
  expect(text.length).toBeGreaterThan(2_000_000);
  expect(text.length + beside).toBeLessThan(4 * 1024 * 1024);
});

test('rows of a JSON page are a list without its brackets', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }, { a: '2' }]);
  hunted.finish();
  const { text, rows } = await hunted.read('json');
  expect([rows, JSON.parse(`[${text}]`).map(({ a }: { a: string }) => a)]).toEqual([2, ['1', '2']]);
});

test('who follows a hunt that stores nothing new fetches no blob', async () => {
  const hunted = setUp();
  hunted.add(
    ONE,
    [1, 2, 3, 4, 5].map((a) => ({ a: `${a}` })),
    { count: 4 },
  );
  const { next } = await hunted.read('ndjson');
  expect(hunted.fetched.splice(0)).toEqual(['1/0', '1/1']);
  expect((await hunted.read('ndjson', next)).rows).toBe(0);
  expect(hunted.fetched).toEqual([]);
});

test('a row that is larger than a page is a page', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: 'first' }, { a: LARGE.repeat(8) }, { a: 'last' }]);
  hunted.finish();
  expect((await readPages(hunted, 'ndjson')).map(({ rows }) => rows)).toEqual([1, 1, 1]);
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
  expect(empty).toMatchObject({ rows: 0, next: expect.any(String) });
  hunted.add(ONE, [{ a: '1' }]);
  const first = await hunted.read('csv', empty.next);
  expect(toLines(first)).toEqual(['tenant_id,tenant_name,a\r\n', `${ONE},One,1\r\n`]);
  const nothing = await hunted.read('csv', first.next);
  expect([nothing.rows, nothing.text.length]).toEqual([0, 0]);
  hunted.add(OTHER, [{ a: '2' }]);
  hunted.finish();
  const last = await hunted.read('csv', nothing.next);
  expect([toLines(last), last.next]).toEqual([[`${OTHER},,2\r\n`], undefined]);
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
  expect((await hunted.read('ndjson', undefined)).rows).toBe(2);
});

test('a schema that changes between calls: the column becomes text, and nothing is lost', async () => {
  const hunted = setUp();
  const count: Column = { name: 'a', type: 'long' };
  hunted.add(ONE, [{ a: 1, B: 'x' }], { columns: [count, B] });
  hunted.add(ONE, [{ A: 'many' }, { a: null, b: { c: 1 } }], { columns: [A, B] });
  hunted.finish();
  const { text, columns } = await hunted.read('csv');
  expect(columns[0]).toEqual({ name: 'a', type: 'string', widenedFrom: ['long', 'string'] });
  expect(String(text)).toBe(
    [
      'tenant_id,tenant_name,a,b',
      `${ONE},One,1,x`,
      `${ONE},One,many,`,
      `${ONE},One,,"{""c"":1}"`,
      '',
    ].join('\r\n'),
  );
});

test('a caller that loses a grant reads nothing more of that customer', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  hunted.add(OTHER, [{ a: '2' }]);
  hunted.finish();
  hunted.denied.add(ONE);
  const page = await hunted.read('ndjson');
  expect(page).toMatchObject({ rows: 1, withheldTenants: 1 });
  expect(toLines(page)).toEqual([expect.stringContaining(OTHER)]);
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

test('a part that can not be read ends no page of parts: what follows is read', async () => {
  const results = setUp();
  for (let part = 1; part <= 101; part++) results.add(ONE, [{ a: String(part) }]);
  results.unreadable.add(2);
  results.finish();
  const pages = await readPages(results, 'ndjson');
  expect(pages.map(({ rows }) => rows)).toEqual([100]);
});

test('a row that is no JSON is refused, and named as what no broker wrote', async () => {
  const hunted = setUp();
  hunted.add(ONE, [{ a: '1' }]);
  hunted.blobs.set('1/0', ['no JSON']);
  await expect(hunted.read('json')).rejects.toMatchObject({ code: 'integrity' });
  expect(hunted.refused).toEqual([{ table: 'hunts', key: hunted.hunt.id, problem: 'damaged' }]);
});
