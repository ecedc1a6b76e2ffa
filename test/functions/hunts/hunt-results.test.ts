import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startHunting } from './set-up.ts';

const { sandbox, operator, hunting, tenantIds, hunt, readPages } = await startHunting(
  'Contoso',
  'Fabrikam',
);
const [contoso = ''] = tenantIds;
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

test('what is too large is split, and arrives complete, once, in pages that concatenate', async () => {
  hunting.tables.setRows(contoso, 'AlertInfo', 130_000);
  const state = await hunt({
    query: 'AlertInfo | project Timestamp, AlertId',
    tenants: [contoso],
  });
  hunting.tables.setRows(contoso, 'AlertInfo', 60);
  expect(state).toMatchObject({ status: 'complete', rows: 130_000 });
  const pages = await readPages(state.hunt_id, 'csv');
  const file = pages.map(({ text }) => text).join('');
  const lines = file.trimEnd().split('\r\n');
  expect([lines.length, new Set(lines).size]).toEqual([130_001, 130_001]);
  const sizes = pages.map(({ text }) => Buffer.byteLength(text));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  expect(pages.length).toBeGreaterThan(1);
});

test('files have ASCII names, CSV a header on its first page, and no formula', async () => {
  const state = await hunt({
    query: 'EmailEvents | project Subject | where Subject startswith "="',
    name: 'Año nuevo',
  });
  const [csv] = await readPages(state.hunt_id, 'csv');
  expect(csv?.headers.get('content-disposition')).toBe(
    `attachment; filename="hunt-${state.hunt_id}.csv"`,
  );
  expect(csv?.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  const [header, ...rows] = csv?.text.trimEnd().split('\r\n') ?? [];
  expect(header).toBe('tenant_id,tenant_name,Subject');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => !/^[^,]+,[^,]+,"?'=/.test(row))).toEqual([]);
});

test('NDJSON has one row a line, and JSON the columns of all customers', async () => {
  const state = await hunt({ query: 'DeviceInfo | project Timestamp, DeviceName | take 5' });
  const [ndjson] = await readPages(state.hunt_id, 'ndjson');
  const rows = ndjson?.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(ndjson?.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(rows).toHaveLength(10);
  expect(Object.keys(rows?.[0])).toEqual(['tenant_id', 'tenant_name', 'Timestamp', 'DeviceName']);
  expect(rows?.[0].Timestamp).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  const { body } = await operator.call('GET', `/hunts/${state.hunt_id}/results`);
  expect(body).toMatchObject({
    status: 'complete',
    columns: [
      { name: 'Timestamp', type: 'datetime' },
      { name: 'DeviceName', type: 'string' },
    ],
  });
});

test('a cursor of another hunt, and one that was changed, are refused', async () => {
  const [one, other] = [await hunt({ query: 'DeviceInfo' }), await hunt({ query: 'DeviceInfo' })];
  const { body } = await operator.call('GET', `/hunts/${one.hunt_id}/results`);
  expect(body.value).toHaveLength(240);
  for (const cursor of ['x', 'a.b.c']) {
    const { status, body: refused } = await operator.call(
      'GET',
      `/hunts/${other.hunt_id}/results?cursor=${cursor}`,
    );
    expect([status, refused.error]).toEqual([400, 'invalid_request']);
  }
});

test('the loop in the documentation writes the pages into one file', async () => {
  const state = await hunt({ query: 'DeviceInfo | project DeviceName' });
  const page = await readFile('docs/hunts/README.md', 'utf8');
  const [loop = ''] = /^URL=[\s\S]*?^done$/m.exec(page) ?? [];
  const cwd = await mkdtemp(join(tmpdir(), 'hunt-'));
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();
  await promisify(execFile)('sh', ['-c', loop.replace('http://127.0.0.1:7071', sandbox.url)], {
    cwd,
    env: { ...process.env, TOKEN: token, HUNT: state.hunt_id },
  });
  const pages = await readPages(state.hunt_id, 'csv');
  const file = await readFile(join(cwd, 'hunt.csv'), 'utf8');
  expect(file).toBe(pages.map(({ text }) => text).join(''));
  expect(file.trimEnd().split('\r\n')).toHaveLength(241);
});
