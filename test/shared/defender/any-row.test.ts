import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTOSO } from '../../local/defender/set-up.ts';
import { runs } from '../../support/runs.ts';
import { FIRST_PAGE, setUpAnswer } from './set-up.ts';

const AT = '2026-11-20T09:00:00.1234567Z';

/** Rows with every field that is read, in the words of each API. */
const GOOD = {
  xdr: {
    incidentId: 924565,
    lastUpdateTime: AT,
    redirectIncidentId: 5,
    incidentName: 'Phishing',
    severity: 'High',
    status: 'Redirected',
    classification: 'TruePositive',
    determination: 'Phishing',
    assignedTo: 'ann@x.example',
    createdTime: AT,
    tags: ['vip'],
    comments: [{ comment: 'Seen.', createdBy: 'ann@x.example', createdTime: AT }],
    alerts: [{ alertId: 'a' }],
  },
  viaGraph: {
    id: '924565',
    lastUpdateDateTime: AT,
    redirectIncidentId: '5',
    displayName: 'Phishing',
    severity: 'high',
    status: 'redirected',
    classification: 'truePositive',
    determination: 'phishing',
    assignedTo: 'ann@x.example',
    createdDateTime: AT,
    customTags: ['vip'],
    comments: [{ comment: 'Seen.', createdByDisplayName: 'Ann', createdDateTime: AT }],
    alerts: [{ alertId: 'a' }],
  },
} as const;

/** What a field may be: missing, null, empty, huge, of any other type. */
const odd = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(null, '', [], {}, 0, -1, true, [null], [[]], [{}], 'x'.repeat(100_000), 1e308),
  fc.constant(Array.from({ length: 5000 }, () => null)),
  fc.jsonValue(),
);

async function read(api: keyof typeof GOOD, row: unknown) {
  const source = setUpAnswer(() => Response.json({ value: [row] }))[api];
  return await source.list(CONTOSO, FIRST_PAGE);
}

const NEEDED = {
  xdr: ['incidentId', 'lastUpdateTime'],
  viaGraph: ['id', 'lastUpdateDateTime'],
} as const;

test.each(['xdr', 'viaGraph'] as const)(
  '%s: whatever its ornaments are, an incident with an id and a time is kept with its JSON',
  async (api) => {
    const ornaments = Object.keys(GOOD[api]).filter(
      (name) => !NEEDED[api].some((one) => one === name),
    );
    const oddFields = fc.record(Object.fromEntries(ornaments.map((name) => [name, odd])), {
      requiredKeys: [],
    });
    await fc.assert(
      fc.asyncProperty(oddFields, fc.dictionary(fc.string(), odd), async (fields, more) => {
        const row = { ...more, ...GOOD[api], ...fields };
        const { incidents, skipped } = await read(api, row);

        expect(skipped).toEqual([]);
        expect(incidents[0]?.incident).toMatchObject({ incidentId: '924565', lastUpdateAt: AT });
        expect(incidents[0]?.raw).toBe(JSON.stringify(row));
      }),
      { numRuns: runs(67) },
    );
  },
);

test.each(['xdr', 'viaGraph'] as const)(
  '%s: a row whose id or time is odd is skipped, or read as what it says; nothing is thrown',
  async (api) => {
    const [idField, timeField] = NEEDED[api];
    const needed = fc.record({ [idField]: odd, [timeField]: odd }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(needed, async (fields) => {
        const { incidents, skipped, rows } = await read(api, { ...GOOD[api], ...fields });

        expect([incidents.length + skipped.length, rows.length]).toEqual([1, 1]);
        expect(incidents.length === 1).toBe(isUsable({ ...GOOD[api], ...fields }, api));
      }),
      { numRuns: runs(100) },
    );
  },
);

test.each(['xdr', 'viaGraph'] as const)('%s: a row of any JSON never throws', async (api) => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (row) => {
      const { incidents, skipped } = await read(api, row);

      expect(incidents.length + skipped.length).toBe(1);
    }),
    { numRuns: runs(100) },
  );
});

/** Said once more, in other words than the code's. */
function isUsable(row: Readonly<Record<string, unknown>>, api: keyof typeof GOOD): boolean {
  const [idField, timeField] = NEEDED[api];
  const [id, time] = [row[idField], row[timeField]];
  const isId = Number.isSafeInteger(id)
    ? Number(id) > 0
    : /^[1-9]\d{0,18}$/.test(`${id}`) && typeof id === 'string';
  const isTime =
    typeof time === 'string' && /^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time));
  return isId && isTime;
}
