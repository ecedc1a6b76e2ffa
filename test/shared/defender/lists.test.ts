import { expect, test } from 'vitest';
import { serve } from '../../../local/serve.ts';
import { createDefenderXdrSource } from '../../../shared/defender/defender-xdr.ts';
import { CONTOSO, NOW } from '../../local/defender/set-up.ts';
import { FIRST_PAGE, ORIGIN, setUp, setUpAnswer, toInstant } from './set-up.ts';

const FROM = toInstant('2026-11-20T10:00:00.0000001Z');
const TO = toInstant('2026-11-20T10:00:01Z');

test('the Defender API is asked for a window, in full precision', async () => {
  const { sent, xdr } = await setUp();

  await xdr.list(CONTOSO, { from: FROM, to: TO, top: 500, skip: 99 });

  const filter =
    'lastUpdateTime ge 2026-11-20T10:00:00.0000001Z and lastUpdateTime lt 2026-11-20T10:00:01.0000000Z';
  expect(sent.map(({ method, url }) => [method, url])).toEqual([
    ['GET', `${ORIGIN}/api/incidents?$filter=${encodeURIComponent(filter)}&$top=100&$skip=99`],
  ]);
  expect(sent[0]?.headers.get('authorization')).toMatch(/^Bearer /);
  expect(sent[0]?.headers.has('prefer')).toBe(false);
});

test('both are asked for what was created, or updated, at or before an instant', async () => {
  const { sent, xdr, viaGraph } = await setUp();

  await xdr.list(CONTOSO, { from: FROM, below: { by: 'created', at: TO }, top: 1, skip: 0 });
  await viaGraph.list(CONTOSO, { from: FROM, below: { by: 'updated', at: TO }, top: 1, skip: 0 });

  expect(sent.map(({ url }) => new URL(url).searchParams.get('$filter'))).toEqual([
    `lastUpdateTime ge ${FROM} and createdTime le ${TO}`,
    `lastUpdateDateTime ge ${FROM} and lastUpdateDateTime le ${TO}`,
  ]);
});

test('Graph is asked without alerts and for members that are newer than it', async () => {
  const { sent, viaGraph } = await setUp();

  await viaGraph.list(CONTOSO, { from: FROM, top: 500, skip: 0 });

  const filter = encodeURIComponent('lastUpdateDateTime ge 2026-11-20T10:00:00.0000001Z');
  expect(sent.map(({ url }) => url)).toEqual([
    `${ORIGIN}/v1.0/security/incidents?$filter=${filter}&$top=50`,
  ]);
  expect(sent[0]?.headers.get('prefer')).toBe('include-unknown-enum-members');
});

test('the window holds its first instant and not its last', async () => {
  const { incidents, xdr, viaGraph } = await setUp();
  const at = (lastUpdateTime: string) => ({ change: { lastUpdateTime } });
  incidents.createIncident(CONTOSO, at('2026-11-20T10:00:00Z'));
  incidents.createIncident(CONTOSO, at('2026-11-20T10:00:00.0000001Z'));
  incidents.createIncident(CONTOSO, at('2026-11-20T10:00:01Z'));
  const query = { from: FROM, to: TO, top: 50, skip: 0 };

  const pages = [await xdr.list(CONTOSO, query), await viaGraph.list(CONTOSO, query)];

  expect(
    pages.map(({ incidents }) => incidents.map(({ incident }) => incident.incidentId)),
  ).toEqual([['1002'], ['1002']]);
});

test('links lead through all pages, each asked as it is', async () => {
  const { incidents, sent, viaGraph } = await setUp();
  incidents.createBurst(CONTOSO, { count: 120, from: NOW - 3_600_000, to: NOW });

  const first = await viaGraph.list(CONTOSO, FIRST_PAGE);
  const second = await viaGraph.list(CONTOSO, { ...FIRST_PAGE, link: first.nextLink });
  const third = await viaGraph.list(CONTOSO, { ...FIRST_PAGE, link: second.nextLink });

  const ids = [first, second, third].flatMap((page) =>
    page.incidents.map(({ incident }) => incident.incidentId),
  );
  expect(new Set(ids).size).toBe(120);
  expect([first.rows.length, second.rows.length, third.rows.length]).toEqual([50, 50, 20]);
  expect(sent[1]?.url).toBe(first.nextLink);
  expect(third.nextLink).toBeUndefined();
});

test('further than $skip goes is refused', async () => {
  const { defender, xdr, viaGraph } = await setUp();
  defender.configure({ skipCeiling: 500 });
  const query = { ...FIRST_PAGE, skip: 501 };

  await expect(xdr.list(CONTOSO, query)).rejects.toMatchObject({ problem: 'refused' });
  await expect(viaGraph.list(CONTOSO, query)).rejects.toMatchObject({ problem: 'refused' });
});

test('a list from which something is missing says so and is used', async () => {
  const { incidents, defender, xdr } = await setUp();
  incidents.createBurst(CONTOSO, { count: 4, from: NOW, to: NOW });
  defender.faults.inject({ kind: 'partial', times: 1 });

  const partial = await xdr.list(CONTOSO, FIRST_PAGE);
  const whole = await xdr.list(CONTOSO, FIRST_PAGE);

  expect([partial.isPartial, partial.rows.length]).toEqual([true, 2]);
  expect([whole.isPartial, whole.rows.length]).toEqual([false, 4]);
});

const FOREIGN = [
  'https://elsewhere.example/v1.0/security/incidents?$skip=50',
  'http://api.example/v1.0/security/incidents',
  'https://api.example:8443/v1.0/security/incidents',
  'https://api.example.evil.example/v1.0/security/incidents',
  'https://user@api.example/v1.0/security/incidents',
  'https://user:pw@api.example/v1.0/security/incidents',
  'https://api.example/v1.0/users',
  'https://api.example/v1.0/security/incidents/../../users',
  'https://api.example/v1.0/security/incidents/1001',
  '//elsewhere.example/v1.0/security/incidents',
  'not an address',
  `https://api.example/v1.0/security/incidents?$skiptoken=${'x'.repeat(8 * 1024)}`,
];

test.each(FOREIGN)('the link %s is foreign: neither believed nor asked', async (link) => {
  const body = { value: [], '@odata.nextLink': link };
  const { asked, viaGraph } = setUpAnswer(() => Response.json(body));

  const problem = { name: 'SourceError', problem: 'foreign_link' };
  const page = await viaGraph.list(CONTOSO, FIRST_PAGE);
  expect(page.nextLink).toBeUndefined();
  expect(page.skipped).toEqual([{ incidentId: undefined, reason: 'foreign_link' }]);
  await expect(viaGraph.list(CONTOSO, { ...FIRST_PAGE, link })).rejects.toMatchObject(problem);
  expect(asked).toHaveLength(1);
});

test.each([
  'https://api.example/v1.0/security/incidents?$skiptoken=abc',
  'https://API.example:443/v1.0/Security/Incidents/?$skip=50',
])('the link %s leads on', async (nextLink) => {
  const { viaGraph } = setUpAnswer(() => Response.json({ value: [], '@odata.nextLink': nextLink }));

  expect(await viaGraph.list(CONTOSO, FIRST_PAGE)).toMatchObject({ nextLink });
});

test('over the network a redirect is not followed, and the token stays here', async () => {
  const tokens: (string | null)[] = [];
  const other = await serve((request) => {
    tokens.push(request.headers.get('authorization'));
    return Response.json({ value: [] });
  });
  const api = await serve(() => Response.redirect(`${other.url}/api/incidents`, 307));
  const getToken = () => Promise.resolve('a-token');
  const xdr = createDefenderXdrSource({ fetch, apiUrl: api.url, getToken });

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'foreign_link' });

  expect(tokens).toEqual([]);
  await Promise.all([other.stop(), api.stop()]);
});
