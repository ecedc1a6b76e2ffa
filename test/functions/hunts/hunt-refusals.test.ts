import { expect, test } from 'vitest';
import { startHunting } from './set-up.ts';

const { sandbox, operator, tenantIds, hunt, readPages } = await startHunting('Contoso', 'Fabrikam');
const [contoso = ''] = tenantIds;

test("broken KQL says where and in Microsoft's words, at the caller's own line", async () => {
  const state = await hunt({
    query: 'DeviceInfo\n| wher DeviceName == a',
    parameters: { a: 'x', b: 5 },
  });
  expect(state).toMatchObject({ status: 'incomplete', verdicts: { failed: 2 } });
  expect(state.value[0]).toMatchObject({
    problem: 'query_refused',
    owner: 'caller',
    line: 2,
    column: expect.any(Number),
    microsoft: expect.stringContaining('Fix syntax errors in your query.'),
  });
});

test('a column that is not there is refused at each customer by itself', async () => {
  const state = await hunt({ query: 'DeviceInfo | where Nope == 1' });
  expect(state.value.map((one: { calls: number }) => one.calls)).toEqual([1, 1]);
  expect(state.value[0]).toMatchObject({
    problem: 'query_refused',
    microsoft: expect.stringContaining("named 'Nope'"),
  });
});

const LONG = 'x'.repeat(1_000_000);

test.each([
  ['a hunt without a query', {}, 'one query'],
  ['an empty query', { query: '' }, 'query'],
  ['spaces for a query', { query: '   ' }, 'answers no rows'],
  ['two queries at once', { query: 'T', saved_query: 'x' }, 'one query'],
  ['a query of more than 1 MB', { query: `DeviceInfo // ${LONG}` }, 'larger than 1 MB'],
  ['a query of 2 MB', { query: LONG + LONG }, 'larger than'],
  ['a query of another cluster', { query: 'cluster("x").database("y").T' }, 'line 1, column 1'],
  ['a control command', { query: '.show tables' }, 'Control commands'],
  [
    'a query of another source',
    { query: 'externaldata (x: string) ["https://x"]' },
    'externaldata',
  ],
  ['words for a timespan', { query: 'T', timespan: 'yesterday' }, 'timespan'],
  ['a timespan without time', { query: 'T', timespan: 'P0D' }, 'timespan'],
  ['max_rows of nothing', { query: 'T', max_rows: 0 }, 'max_rows'],
  ['max_rows of too much', { query: 'T', max_rows: 1_000_001 }, 'max_rows'],
  ['a tag without customers', { query: 'T', tag: 'nobody' }, 'tag'],
  [
    'customers by tag and by name at once',
    { query: 'T', tag: 'gold', tenants: ['contoso.example'] },
    'by tag',
  ],
  ['an empty list of customers', { query: 'T', tenants: [] }, 'tenants'],
  ['a name that is none', { query: 'T', tenants: ['not a tenant'] }, 'tenant'],
  [
    'a parameter of the wrong type',
    { query: 'T', parameters: { a: { type: 'long', value: 'x' } } },
    'no long',
  ],
  [
    'a parameter without a type',
    { query: 'T', parameters: { a: [1] } },
    'parameters.a has no type',
  ],
  ['a parameter whose name has a space', { query: 'T', parameters: { 'a b': 'x' } }, 'parameters'],
  ['an unknown member', { query: 'T', nope: 1 }, 'nope'],
])('a hunt is refused: %s', async (_, body, says) => {
  const { status, body: answer } = await operator.call('POST', '/hunts', body);
  expect([status, answer.error]).toEqual([400, 'invalid_request']);
  expect(answer.error_description).toContain(says);
});

test('parameters with quotes, pipes and control characters are values, and nothing else', async () => {
  const given = `" | take 0 // ' ; DeviceInfo \\ \u0000\u2028`;
  const state = await hunt({
    query: 'print Value = given',
    parameters: { given },
    tenants: [contoso],
  });
  const [page] = await readPages(state.hunt_id, 'ndjson');
  expect(JSON.parse(page?.text ?? '').Value).toBe(given);
});

test('an unknown customer is as a forbidden one, and is called as it was sent', async () => {
  const unknown = '0f0f0f0f-0000-4000-8000-000000000009';
  const state = await hunt({
    query: 'DeviceInfo | count',
    tenants: [unknown, 'nobody.example', contoso],
  });
  expect(state).toMatchObject({ verdicts: { complete: 1, not_granted: 2 } });
  expect(state.value.slice(0, 2)).toMatchObject([
    { named: unknown, verdict: 'not_granted' },
    { named: 'nobody.example', verdict: 'not_granted' },
  ]);
  expect(state.value[0].tenant_id).toBeUndefined();
});

test('a saved query is run by its name, with values of the right types', async () => {
  const saved = {
    query: 'DeviceInfo | where OSPlatform == os | take most',
    parameters: { os: 'string', most: 'long' },
  };
  const put = (body: unknown) => operator.call('PUT', '/queries/by-os', body);
  expect((await put(saved)).status).toBe(201);
  expect((await put({ ...saved, description: 'By system.' })).status).toBe(200);
  const state = await hunt({ saved_query: 'by-os', parameters: { os: 'Windows11', most: 2 } });
  expect(state).toMatchObject({ saved_query: 'by-os', status: 'complete' });
  expect(state.query).toContain('let os = "Windows11";');
  expect((await operator.call('DELETE', '/queries/by-os')).status).toBe(204);
  const gone = await operator.call('POST', '/hunts', { saved_query: 'by-os' });
  expect([gone.status, gone.body.error]).toEqual([404, 'query_not_found']);
});

test.each([
  ['of a wrong type', { os: 5 }, 'parameters.os is no string'],
  ['that are missing', {}, 'parameters.os is missing'],
  ['that nobody asked for', { os: 'x', more: 1 }, 'parameters.more'],
])('a saved query with values %s is refused', async (_, parameters, says) => {
  const saved = { query: 'DeviceInfo | where OSPlatform == os', parameters: { os: 'string' } };
  await operator.call('PUT', '/queries/typed', saved);
  const { status, body } = await operator.call('POST', '/hunts', {
    saved_query: 'typed',
    parameters,
  });
  expect([status, body.error]).toEqual([400, 'invalid_request']);
  expect(body.error_description).toContain(says);
});

test.each([
  ['Has-Capitals', { query: 'T' }],
  ['a'.repeat(65), { query: 'T' }],
  [contoso, { query: 'T' }],
  ['unknown-type', { query: 'T', parameters: { a: 'real' } }],
  ['refused', { query: 'externaldata (x: string) ["y"]' }],
  ['long', { query: `T // ${'x'.repeat(300_000)}` }],
])('a query can not be saved: %s', async (name, body) => {
  const { status, body: answer } = await operator.call('PUT', `/queries/${name}`, body);
  expect([status, answer.error]).toEqual([400, 'invalid_request']);
});

test.each([
  ['{"query":"T","parameters":{"__proto__":"string"}}'],
  ['{"query":"T","parameters":{"constructor":"long"}}'],
  ['{"query":"T","__proto__":{"description":"x"}}'],
])('a name that would get lost is refused: %s', async (body) => {
  const { status, body: answer } = await operator.call('PUT', '/queries/lost', JSON.parse(body));
  expect([status, answer.error]).toEqual([400, 'invalid_request']);
});

test('hunting needs a grant of its own', async () => {
  const { clientId: caller } = sandbox.partner.tools.operator;
  const before = (await operator.call('GET', `/callers/${caller}`)).body;
  const rules = [{ id: 'graph', effect: 'allow', tenants: ['*'], resources: ['graph'] }];
  await operator.call('PUT', `/callers/${caller}`, { rules });
  const all = await operator.call('POST', '/hunts', { query: 'DeviceInfo | count' });
  const one = await operator.call('POST', `/tenants/${contoso}/hunt`, { query: 'DeviceInfo' });
  // Nothing is looked up, so no budget for domains that nobody has is used.
  const others = [];
  for (let number = 0; number < 25; number++) {
    const path = `/tenants/nobody-${number}.example/hunt`;
    others.push((await operator.call('POST', path, { query: 'T' })).status);
  }
  await operator.call('PUT', `/callers/${caller}`, { rules: before.rules });
  expect([all.status, all.body.error]).toEqual([403, 'access_denied']);
  expect([one.status, one.body.error]).toEqual([403, 'access_denied']);
  expect(new Set(others)).toEqual(new Set([403]));
});

test('a caller starts so many hunts a minute', async () => {
  // At once: one after the other, the budget would fill again meanwhile.
  const start = () => operator.call('POST', '/hunts', { query: 'externaldata' });
  const answers = await Promise.all(Array.from({ length: 150 }, start));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body).toMatchObject({ error: 'too_many_requests', owner: 'caller' });
});
