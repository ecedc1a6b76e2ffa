import { expect, test } from 'vitest';
import { SourceError } from '../../../shared/incidents/incident-source.ts';
import { CONTOSO } from '../../local/defender/set-up.ts';
import { DAMAGES, damage, listPaths, toDoubled } from '../../support/damages.ts';
import { FIRST_PAGE, KEY, setUpAnswer } from './set-up.ts';

const AT = '2026-11-20T09:00:00Z';
const ROW = {
  incidentId: 1001,
  id: '1001',
  incidentName: 'Phishing',
  displayName: 'Phishing',
  createdTime: AT,
  createdDateTime: AT,
  lastUpdateTime: AT,
  lastUpdateDateTime: AT,
  tags: ['vip'],
  comments: [{ comment: 'Seen.', createdBy: 'ann@x.example', createdTime: AT }],
  alerts: [{ alertId: 'a', devices: [{ deviceDnsName: 'd' }] }],
};
const PAGE = {
  '@odata.context': 'https://api.example/$metadata#Incidents',
  value: [ROW],
  '@odata.nextLink': 'https://api.example/api/incidents?$skip=1',
};

/** Each damage of each value of a document, with what it is called; and of the document itself. */
function listDamaged(document: unknown) {
  const whole = DAMAGES.map(([how, by]) => [`the body: ${how}`, by] as const);
  const parts = listPaths(document).flatMap((path) =>
    DAMAGES.map(([how, by]) => [`${path.join('.')}: ${how}`, damage(document, path, by)] as const),
  );
  return [...whole, ...parts];
}

/** JSON has no `undefined`: such a body is empty. */
function toResponse(body: unknown, status = 200): Response {
  return new Response(body === undefined ? '' : JSON.stringify(body), { status });
}

/** What came of it: the problem, or how much was read. Anything but a SourceError is thrown on. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return await work.catch((error: unknown) => {
    if (error instanceof SourceError) return error.problem;
    throw error;
  });
}

test.each(['xdr', 'viaGraph'] as const)(
  '%s: of a damaged page either every row is accounted for, or it is malformed',
  async (api) => {
    const odd: string[] = [];
    for (const [name, body] of listDamaged(PAGE)) {
      const source = setUpAnswer(() => toResponse(body))[api];
      const page = await outcomeOf(source.list(CONTOSO, FIRST_PAGE));
      const isWhole = typeof page === 'object' && page !== null && countRows(page) === 1;
      const isKnown = page === 'malformed' || isWhole || /^value: a list$/.test(name);
      if (!isKnown) odd.push(name);
    }
    expect(odd).toEqual([]);
  },
);

function countRows(page: object): number {
  const { incidents, skipped } = page as { incidents: unknown[]; skipped: { reason: string }[] };
  return incidents.length + skipped.filter(({ reason }) => reason !== 'foreign_link').length;
}

test.each(['xdr', 'viaGraph'] as const)(
  '%s: a damaged incident is that incident with its JSON, or malformed',
  async (api) => {
    for (const [, body] of listDamaged(ROW)) {
      const source = setUpAnswer(() => toResponse(body))[api];
      const one = await outcomeOf(source.get(KEY, { alerts: false }));
      const expected = { incident: KEY, raw: JSON.stringify(body) };

      expect(one === 'malformed' ? expected : one).toMatchObject(expected);
    }
  },
);

test.each(['xdr', 'viaGraph'] as const)(
  'an answer of Microsoft names a member twice: the last counts, for fields and JSON alike (%s)',
  async (api) => {
    for (const path of listPaths(ROW).filter((one) => typeof one.at(-1) === 'string')) {
      const text = toDoubled(ROW, path);
      const source = setUpAnswer(() => new Response(text))[api];
      const one = await outcomeOf(source.get(KEY, { alerts: false }));
      const expected = { incident: KEY, raw: JSON.stringify(JSON.parse(text)) };

      expect(one === 'malformed' ? expected : one).toMatchObject(expected);
    }
  },
);

test.each(['xdr', 'viaGraph'] as const)(
  '%s: a row that names its id twice is the incident of the last one',
  async (api) => {
    const text = JSON.stringify(PAGE)
      .replace('"incidentId":1001', '"incidentId":"odd","incidentId":1001')
      .replace('"id":"1001"', '"id":"odd","id":"1001"');
    const source = setUpAnswer(() => new Response(text))[api];
    expect(await source.list(CONTOSO, FIRST_PAGE)).toMatchObject({
      incidents: [{ incident: KEY }],
    });
  },
);

test.each(['xdr', 'viaGraph'] as const)(
  '%s: a change whose answer is damaged is read once more, and not called failed',
  async (api) => {
    for (const [, body] of listDamaged(ROW)) {
      const environment = setUpAnswer(({ method }) => toResponse(method === 'PATCH' ? body : ROW));
      const one = await outcomeOf(environment[api].update(KEY, { status: 'resolved' }));

      expect(one).toMatchObject({ incident: KEY });
    }
  },
);

test('a comment whose answer is damaged was made: it is not called failed', async () => {
  const { viaGraph, asked } = setUpAnswer(({ method }) =>
    method === 'POST' ? new Response('<html>', { status: 201 }) : toResponse(ROW),
  );
  const updated = await viaGraph.update(KEY, { comment: 'Seen.' });
  expect(updated).toMatchObject({ incident: KEY });
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

const ERROR = { error: { code: 'TooManyRequests', message: 'Wait for 30 seconds.', target: 't' } };

test.each([300, 301, 400, 401, 403, 404, 408, 409, 410, 429, 500, 502, 503, 504])(
  'a damaged error of the status %i is a problem, whatever it says',
  async (status) => {
    for (const [, body] of listDamaged(ERROR)) {
      const { xdr } = setUpAnswer(() => toResponse(body, status));
      const page = await outcomeOf(xdr.list(CONTOSO, FIRST_PAGE));

      expect(page).toEqual(expect.stringMatching(/^[a-z_]+$/));
      expect(page).not.toBe('malformed');
    }
  },
);
