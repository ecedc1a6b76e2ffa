import { expect, test } from 'vitest';
import { CONTOSO, NOW, setUp, toEnvelope, toIds, toPath } from './set-up.ts';

const INCIDENTS = '/api/incidents';
const READ = ['Incident.Read.All'];

test.each([
  { filter: 'lastUpdateTime ge 2026-11-20T08:00:00.2915000Z', ids: [1002, 1003] },
  { filter: 'lastUpdateTime gt 2026-11-20T08:00:00.2915Z', ids: [1003] },
  { filter: 'lastUpdateTime eq 2026-11-20T10:00:00.2915+02:00', ids: [1002] },
  { filter: 'lastUpdateTime lt 2026-11-20T08:00:00.2915Z', ids: [1001] },
  {
    filter: '(lastUpdateTime ge 2026-11-20T07:00:00Z) and lastUpdateTime le 2026-11-20T08:00:01Z',
    ids: [1001, 1002],
  },
  { filter: "status eq 'Resolved'", ids: [1002] },
  { filter: "status ne 'Resolved' and createdTime lt 2026-11-20T08:00:00Z", ids: [1001] },
  { filter: "assignedTo eq 'o''brien and@contoso.example'", ids: [1003] },
  { filter: 'assignedTo eq null', ids: [1001, 1002] },
])('$filter selects $ids', async ({ filter, ids }) => {
  const { incidents, asDefender } = await setUp();
  const created = { createdTime: '2026-11-20T07:00:00Z' } as const;
  const first = { ...created, status: 'Active', assignedTo: null } as const;
  const base = { status: 'Resolved', assignedTo: null } as const;
  const times = ['07:00:00Z', '08:00:00.2915Z', '09:00:00.0000001Z'];
  const [one, two, three] = times.map((time) => ({ lastUpdateTime: `2026-11-20T${time}` }));
  incidents.createIncident(CONTOSO, { change: { ...first, ...one } });
  incidents.createIncident(CONTOSO, { change: { ...base, ...two } });
  const assignedTo = "o'brien and@contoso.example";
  incidents.createIncident(CONTOSO, { change: { status: 'InProgress', assignedTo, ...three } });

  const { body } = await asDefender(READ)(toPath(INCIDENTS, { $filter: filter }));

  expect(toIds(body).toSorted()).toEqual(ids);
});

test.each([
  { options: { $top: '101' }, message: /limit of '100' for Top query has been exceeded/ },
  { options: { $top: 'many' }, message: /Invalid value 'many'/ },
  { options: { $skip: '-1' }, message: /Invalid value '-1'/ },
  { options: { $orderby: 'lastUpdateTime' }, message: /'\$orderby' is not allowed/ },
  { options: { $expand: 'alerts' }, message: /'\$expand' is not allowed/ },
  { options: { $filter: "severity eq 'High'" }, message: /'severity' cannot be used/ },
  { options: { $filter: 'lastUpdateTime ge 2026-11-20' }, message: /not an Edm.DateTimeOffset/ },
  {
    options: { $filter: "lastUpdateTime ge '2026-11-20T00:00:00Z'" },
    message: /not an Edm.DateTimeOffset/,
  },
  { options: { $filter: 'status eq Active' }, message: /compared with a string/ },
  { options: { $filter: "status gt 'Active'" }, message: /by eq or ne/ },
  { options: { $filter: "status eq 'Active' or status eq 'x'" }, message: /Syntax error/ },
  { options: { $filter: "status eq 'Active' and" }, message: /Syntax error/ },
  { options: { $filter: "(status eq 'Active'" }, message: /Syntax error/ },
])('$options is a bad request', async ({ options, message }) => {
  const { asDefender } = await setUp();

  const { status, body } = await asDefender(READ)(toPath(INCIDENTS, { ...options }));

  expect(status).toBe(400);
  expect(body).toEqual(toEnvelope('BadRequest', expect.stringMatching(message)));
});

test('pages of 100 cover everything once, in an order that is neither by id nor by time', async () => {
  const { incidents, asDefender } = await setUp();
  const all = incidents.createBurst(CONTOSO, { count: 250, from: NOW - 60_000, to: NOW });

  const pages = await Promise.all(
    ['0', '100', '200'].map(($skip) => asDefender(READ)(toPath(INCIDENTS, { $skip }))),
  );
  const again = await asDefender(READ)(INCIDENTS);

  const ids = pages.map(({ body }) => toIds(body));
  const wanted = all.map(({ incidentId }) => incidentId);
  expect(ids.map((page) => page.length)).toEqual([100, 100, 50]);
  expect(ids.flat().toSorted()).toEqual(wanted.toSorted());
  expect(ids.flat()).not.toEqual(wanted);
  expect(ids.flat()).not.toEqual(wanted.toReversed());
  expect(toIds(again.body)).toEqual(ids[0]);
});

test('a link to the next page is there when it is switched on and there is one', async () => {
  const { incidents, defender, asDefender } = await setUp();
  incidents.createBurst(CONTOSO, { count: 3, from: NOW, to: NOW });
  const without = await asDefender(READ)(toPath(INCIDENTS, { $top: '2' }));
  defender.configure({ nextLink: true });

  const first = await asDefender(READ)(toPath(INCIDENTS, { $top: '2' }));
  const last = await asDefender(READ)(toPath(INCIDENTS, { $top: '2', $skip: '2' }));

  expect(without.body).not.toHaveProperty(['@odata.nextLink']);
  expect(first.body).toHaveProperty(
    ['@odata.nextLink'],
    'http://127.0.0.1/api/incidents?%24top=2&%24skip=2',
  );
  expect(last.body).not.toHaveProperty(['@odata.nextLink']);
});

test('an incident that is indexed late appears later than it says it was updated', async () => {
  const { clock, incidents, asDefender } = await setUp();
  const at = NOW - 300_000;
  const late = incidents.createIncident(CONTOSO, { at, listedFrom: NOW + 1000 });

  const before = await asDefender(READ)(INCIDENTS);
  const direct = await asDefender(READ)(`${INCIDENTS}/${late.incidentId}`);
  clock.now = NOW + 1000;
  const after = await asDefender(READ)(INCIDENTS);

  expect(before.body.value).toEqual([]);
  expect(direct.body).toMatchObject(late);
  expect(after.body.value).toEqual([late]);
});
