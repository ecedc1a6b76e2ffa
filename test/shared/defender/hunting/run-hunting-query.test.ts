import { expect, test } from 'vitest';
import { createHunting } from '../../../../local/defender/hunting/hunting.ts';
import { HUNTING_FAULTS } from '../../../../local/defender/hunting/hunting-faults.ts';
import { createRunHuntingQuery } from '../../../../shared/defender/hunting/run-hunting-query.ts';
import type { TakeRow } from '../../../../shared/hunting/hunting-api.ts';
import { createIssuer } from '../../../local/defender/issuer.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const TENANT = 'cccccccc-0000-4000-8000-000000000001';
const ROLES = ['ThreatHunting.Read.All'];

/** The call against the stand-in, or against whatever answers instead. */
async function setUp(answer?: (request: Request) => Response | Promise<Response>) {
  const now = () => NOW;
  const { issue, verifyAccessToken } = await createIssuer(now);
  const hunting = createHunting({ verifyAccessToken, now });
  const accessToken = await issue({
    aud: 'https://graph.microsoft.com',
    tid: TENANT,
    roles: ROLES,
  });
  const fetch = async (input: string | URL | Request, init?: RequestInit) =>
    await (answer ?? hunting.handle)(new Request(input, init));
  const runQuery = createRunHuntingQuery({ fetch, apiUrl: 'http://127.0.0.1', now });
  const ask = async (query: string, timespan?: string) => {
    const rows: unknown[] = [];
    const takeRow: TakeRow = (row) => {
      rows.push(JSON.parse(row));
      return true;
    };
    const { columns } = await runQuery({ accessToken, query, timespan }, takeRow);
    return { columns, rows };
  };
  return { hunting, runQuery, accessToken, ask };
}

/** Answers with a text as it is. */
async function setUpWith(text: string, init: ResponseInit = {}) {
  return await setUp(() => new Response(text, init));
}

test('rows and columns come from the stand-in, whatever way it writes them', async () => {
  const { hunting, ask } = await setUp();
  const usual = {
    schemaCase: 'lower',
    typeNames: 'net',
    keyCase: 'same',
    nulls: 'null',
    annotates: false,
    truth: 'bool',
  } as const;
  hunting.configure({ quirks: usual });
  const one = await ask('DeviceInfo | take 2 | project Timestamp, DeviceName, ReportId');
  hunting.configure({
    quirks: {
      ...usual,
      schemaCase: 'upper',
      typeNames: 'kusto',
      keyCase: 'camel',
      annotates: true,
    },
  });
  const other = await ask('DeviceInfo | take 2 | project Timestamp, DeviceName, ReportId');
  expect(one.columns).toEqual([
    { name: 'Timestamp', type: 'datetime' },
    { name: 'DeviceName', type: 'string' },
    { name: 'ReportId', type: 'long' },
  ]);
  expect(other.columns).toEqual(one.columns);
  expect(one.rows).toHaveLength(2);
  expect(Object.keys(other.rows[0] as object)).toContain('deviceName');
});

test('a key that only rows have is a column, too, and an annotation is none', async () => {
  const { ask } = await setUpWith(
    '{"Schema":[{"Name":"A","Type":"System.Int64"}],"Results":[{"a":1,"a@odata.type":"#Int64","B":{"c":[1]}}]}',
  );
  expect((await ask('T')).columns).toEqual([
    { name: 'A', type: 'long' },
    { name: 'B', type: 'dynamic' },
  ]);
});

test('rows may come before the schema, over several lines', async () => {
  const { ask } = await setUpWith(
    '{"results": [\n{"A":\n 1},\r\n{"A": null}], "schema":[{"name":"A","type":"int"}]}',
  );
  const { columns, rows } = await ask('T');
  expect([columns, rows]).toEqual([[{ name: 'A', type: 'int' }], [{ A: 1 }, { A: null }]]);
});

test('the timespan and the query are sent in the body, and nothing follows a redirect', async () => {
  const { hunting, ask } = await setUp();
  await ask('AlertInfo | count', '2026-11-01T00:00:00.000Z/2026-11-02T00:00:00.000Z');
  expect(hunting.requests[0]).toMatchObject({
    path: '/v1.0/security/runHuntingQuery',
    body: {
      Query: 'AlertInfo | count',
      Timespan: '2026-11-01T00:00:00.000Z/2026-11-02T00:00:00.000Z',
    },
  });
  const { ask: follow } = await setUpWith('', {
    status: 302,
    headers: { location: 'http://evil.example/' },
  });
  await expect(follow('T')).rejects.toMatchObject({ problem: { kind: 'malformed' } });
});

test('whoever takes rows may have enough', async () => {
  const { runQuery, accessToken } = await setUp();
  let taken = 0;
  const answer = await runQuery(
    { accessToken, query: 'DeviceInfo', timespan: undefined },
    () => ++taken < 5,
  );
  expect([taken, answer.columns[0]]).toEqual([5, { name: 'Timestamp', type: 'datetime' }]);
});

test('what fails while rows are taken is passed on as it is', async () => {
  const { runQuery, accessToken } = await setUp();
  const failure = new Error('storage');
  const asked = runQuery({ accessToken, query: 'DeviceInfo', timespan: undefined }, () => {
    throw failure;
  });
  await expect(asked).rejects.toBe(failure);
});

test.each([
  ['DeviceInfo | where', { kind: 'refused', isSyntax: true, refusal: { line: 1, column: 19 } }],
  ['DeviceInfo\n| where Nope == 1', { kind: 'missing_column', missing: 'Nope' }],
  ['Nowhere | take 1', { kind: 'missing_table', missing: 'Nowhere' }],
  ['DeviceInfo | where DeviceName > 5', { kind: 'refused', isSyntax: false }],
] as const)('Microsoft says what is wrong with %j', async (query, problem) => {
  const { ask } = await setUp();
  await expect(ask(query)).rejects.toMatchObject({
    problem: {
      ...problem,
      refusal: {
        ...('refusal' in problem && problem.refusal),
        sentence: expect.stringMatching(/Fix (syntax|semantic) errors in your query\.$/),
      },
    },
  });
});

test.each([
  ['cpu', { kind: 'throttled', reason: 'cpu', retryAfterMs: 540_000 }],
  ['cpuUntold', { kind: 'throttled', reason: 'cpu', retryAfterMs: undefined }],
  ['preempted', { kind: 'preempted' }],
  ['tooLarge', { kind: 'too_large' }],
  ['silentTimeout', { kind: 'timed_out' }],
  ['bareError', { kind: 'unavailable' }],
  ['html', { kind: 'unavailable' }],
  ['htmlWith200', { kind: 'malformed' }],
] as const)('the stand-in is %s', async (fault, problem) => {
  const { hunting, ask } = await setUp();
  hunting.faults.inject(HUNTING_FAULTS[fault]);
  await expect(ask('DeviceInfo')).rejects.toMatchObject({ problem });
});

test.each([
  ['header', { kind: 'throttled', reason: 'calls', retryAfterMs: 30_000 }],
  ['body', { kind: 'throttled', reason: 'calls', retryAfterMs: 30_000 }],
  ['none', { kind: 'throttled', reason: 'calls', retryAfterMs: undefined }],
] as const)('429 says when to come back: in the %s', async (retryAfterIn, problem) => {
  const { hunting, ask } = await setUp();
  hunting.faults.inject({ kind: 'throttled', retryAfterSeconds: 30, retryAfterIn });
  await expect(ask('DeviceInfo')).rejects.toMatchObject({ problem });
});

test.each([
  [{ kind: 'truncated' }, 'malformed'],
  [{ kind: 'dropped' }, 'unavailable'],
  [{ kind: 'failing', status: 403 }, 'forbidden'],
] as const)('the connection is %o', async (fault, kind) => {
  const { hunting, ask } = await setUp();
  hunting.faults.inject(fault);
  await expect(ask('DeviceInfo')).rejects.toMatchObject({ problem: { kind } });
});

test('a query that is too long for the front', async () => {
  const { ask } = await setUpWith('', { status: 413 });
  await expect(ask('T')).rejects.toMatchObject({ problem: { kind: 'too_long' } });
});

test('a token that is not accepted', async () => {
  const { hunting, runQuery } = await setUp();
  const asked = runQuery({ accessToken: 'x', query: 'T', timespan: undefined }, () => true);
  await expect(asked).rejects.toMatchObject({ problem: { kind: 'unauthorized' } });
  expect(hunting.requests).toMatchObject([{ status: 401 }]);
});

test.each([
  '{"error":{"code":"x"}}',
  '{"schema":"none","results":[1]}',
  '{"schema":[],"results":["text"]}',
  '{"schema":[],"results":[{"a":}]}',
  'not found',
  '',
])('200 with %j is no answer', async (text) => {
  const { ask } = await setUpWith(text);
  await expect(ask('T')).rejects.toMatchObject({ problem: { kind: 'malformed' } });
});

test("Microsoft's words are shown in one line, and not without end", async () => {
  const message = `A\u0000B\u202eC\n${'x'.repeat(5000)}. Fix syntax errors in your query.`;
  const { ask } = await setUpWith(JSON.stringify({ error: { message } }), { status: 400 });
  const error = await ask('T').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    problem: { refusal: { sentence: expect.stringMatching(/^A B C x+$/) } },
  });
});

test('a call that is given up says so', async () => {
  const { runQuery, accessToken } = await setUp(
    (request) =>
      new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason)),
      ),
  );
  const signal = AbortSignal.timeout(20);
  const asked = runQuery({ accessToken, query: 'T', timespan: undefined, signal }, () => true);
  await expect(asked).rejects.toMatchObject({ problem: { kind: 'aborted' } });
});
