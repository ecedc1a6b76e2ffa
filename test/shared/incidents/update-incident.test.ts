import { expect, test, vi } from 'vitest';
import { createGetIncident } from '../../../shared/incidents/get-incident.ts';
import {
  type IncidentSource,
  SourceError,
  type SourceProblem,
} from '../../../shared/incidents/incident-source.ts';
import { createUpdateIncident } from '../../../shared/incidents/update-incident.ts';
import { CLIENT } from '../../support/tokens.ts';
import { ALLOW, CALLER, makeIncident, makeState, setUpApi, tenantOf } from './api-set-up.ts';

const CONSENT_URL = 'https://broker.example/consent';
const INCIDENT = makeIncident(tenantOf(1), 7, { classification: 'truePositive' });
const REQUEST = {
  caller: CALLER,
  tenant: tenantOf(1),
  incidentId: '7',
  input: { status: 'resolved', comment: 'secret words' },
  correlationId: 'id',
};
const LOOK = { caller: CALLER, tenant: tenantOf(1), incidentId: '7', withAlerts: false };

function setUp() {
  const api = setUpApi(2);
  api.stored.push(INCIDENT);
  const fetched = { incident: { ...INCIDENT, status: 'resolved' }, raw: '{"live":true}' };
  const createSource = (name: IncidentSource['name']) => ({
    name,
    pageSize: 100,
    list: vi.fn<IncidentSource['list']>(),
    get: vi.fn<IncidentSource['get']>().mockResolvedValue(fetched),
    update: vi.fn<IncidentSource['update']>().mockResolvedValue(fetched),
  });
  const sources = { 'defender-xdr': createSource('defender-xdr'), graph: createSource('graph') };
  const write = vi.fn().mockResolvedValue({});
  const recordEvent = vi.fn().mockResolvedValue(undefined);
  const getConsentUrl = () => Promise.resolve(CONSENT_URL);
  const parts = { ...api, sources, getConsentUrl };
  return {
    ...api,
    fetched,
    sources,
    write,
    recordEvent,
    update: createUpdateIncident({ ...parts, defaultSource: 'defender-xdr', write, recordEvent }),
    get: createGetIncident({ ...parts, rules: api.rulesOfCoverage }),
  };
}

test('a change goes to the API of the tenant, then into ledger, store and feed', async () => {
  const { update, sources, states, write, recordEvent, fetched } = setUp();
  states.set(tenantOf(1), makeState(tenantOf(1), 0, { source: 'graph' }));
  expect(await update(REQUEST)).toEqual(fetched);
  const key = { tenantId: tenantOf(1), incidentId: '7' };
  expect(sources.graph.update).toHaveBeenCalledWith(key, {
    status: 'resolved',
    comment: 'secret words',
  });
  expect(write).toHaveBeenCalledWith(tenantOf(1), [fetched]);
  expect(recordEvent).toHaveBeenCalledWith({
    act: 'incident.update',
    actor: CLIENT,
    tenantId: tenantOf(1),
    subject: '7',
    detail: 'status comment',
    correlationId: 'id',
  });
});

test.each<[SourceProblem, string, string]>([
  ['throttled', 'temporarily_unavailable', 'microsoft'],
  ['unavailable', 'temporarily_unavailable', 'microsoft'],
  ['malformed', 'temporarily_unavailable', 'microsoft'],
  ['too_large', 'temporarily_unavailable', 'microsoft'],
  ['foreign_link', 'temporarily_unavailable', 'microsoft'],
  ['unauthorized', 'temporarily_unavailable', 'partner'],
  ['forbidden', 'missing_roles', 'customer'],
  ['licence_missing', 'missing_roles', 'customer'],
  ['refused', 'invalid_request', 'caller'],
])(
  'what the API answers as %s is %s of the %s, and nothing is stored',
  async (problem, code, owner) => {
    const { update, sources, write, recordEvent } = setUp();
    sources['defender-xdr'].update.mockRejectedValue(new SourceError(problem));
    await expect(update(REQUEST)).rejects.toMatchObject({
      code,
      details: { owner, remedy: expect.any(String) },
    });
    expect([write.mock.calls, recordEvent.mock.calls]).toEqual([[], []]);
  },
);

test.each([
  ['defender-xdr', 'Incident.ReadWrite.All'],
  ['graph', 'SecurityIncident.ReadWrite.All'],
] as const)('the role that %s misses is named with the link to grant it', async (source, role) => {
  const { update, sources, states } = setUp();
  states.set(tenantOf(1), makeState(tenantOf(1), 0, { source }));
  sources[source].update.mockRejectedValue(new SourceError('forbidden'));
  await expect(update(REQUEST)).rejects.toMatchObject({
    details: { missingRoles: [role], consentUrl: CONSENT_URL },
  });
});

test('Microsoft refuses with 403 although the role is granted: no role is said to be missing', async () => {
  const { update, sources } = setUp();
  sources['defender-xdr'].update.mockRejectedValue(new SourceError('licence_missing'));
  const refused = await update(REQUEST).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'missing_roles', details: { owner: 'customer' } });
  expect(refused).not.toHaveProperty('details.missingRoles');
});

test('a throttled change says how long to wait', async () => {
  const { update, sources } = setUp();
  const error = new SourceError('throttled', { retryAfterMs: 41_200 });
  sources['defender-xdr'].update.mockRejectedValue(error);
  await expect(update(REQUEST)).rejects.toMatchObject({ details: { retryAfterSeconds: 42 } });
});

test('an incident that the API does not know is not found', async () => {
  const { update, sources } = setUp();
  sources['defender-xdr'].update.mockResolvedValue(undefined);
  await expect(update(REQUEST)).rejects.toMatchObject({ code: 'incident_not_found' });
});

test("a change worked but can't be stored: it is answered, recorded and noted", async () => {
  const { update, write, recordEvent, log, fetched } = setUp();
  write.mockRejectedValue(new Error('down'));
  expect(await update(REQUEST)).toEqual(fetched);
  expect(recordEvent).toHaveBeenCalledTimes(1);
  expect(log.lines).toMatchObject([{ event: 'incident.update_not_stored' }]);
});

test.each([
  ['disabled', 'tenant_disabled'],
  ['consent_revoked', 'consent_required'],
  ['verifying', 'temporarily_unavailable'],
  ['offboarded', 'access_denied'],
] as const)('a tenant that is %s is not changed: %s', async (status, code) => {
  const { update, sources, setStatus } = setUp();
  setStatus(1, status);
  await expect(update(REQUEST)).rejects.toMatchObject({ code });
  expect(sources['defender-xdr'].update).not.toHaveBeenCalled();
});

test('without a grant nothing is changed or shown, whether the incident exists or not', async () => {
  const { update, get, rules, sources } = setUp();
  rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)] });
  const denied = { code: 'access_denied' };
  await expect(update(REQUEST)).rejects.toMatchObject(denied);
  await expect(get(LOOK)).rejects.toMatchObject(denied);
  await expect(get({ ...LOOK, incidentId: '8' })).rejects.toMatchObject(denied);
  expect(sources['defender-xdr'].update).not.toHaveBeenCalled();
});

test('an incident is shown as it is stored, or asked for now with its alerts', async () => {
  const { get, sources, fetched } = setUp();
  const coverage = { isLate: false, tenantId: tenantOf(1) };
  expect(await get(LOOK)).toMatchObject({ incident: INCIDENT, raw: '{}', coverage });
  expect(sources['defender-xdr'].get).not.toHaveBeenCalled();
  expect(await get({ ...LOOK, withAlerts: true })).toMatchObject({ ...fetched, coverage });
  const key = { tenantId: tenantOf(1), incidentId: '7' };
  expect(sources['defender-xdr'].get).toHaveBeenCalledWith(key, { alerts: true });
});

test('an incident that is not stored is not found, in a tenant that is granted', async () => {
  const { get } = setUp();
  await expect(get({ ...LOOK, incidentId: '8' })).rejects.toMatchObject({
    code: 'incident_not_found',
    details: { owner: 'caller' },
  });
});
