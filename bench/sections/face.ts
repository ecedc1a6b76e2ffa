import { type ForkedHost, forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { type LoadRequest, measureThroughput } from '../support/load.ts';
import { measureInTurn } from '../support/statistics.ts';

const CONNECTIONS = 32;

/** The requests that are compared. */
type Target = 'own route' | 'assertion' | 'secret' | 'v1, secret';

const NOTES = [
  `One host process without a log, ${CONNECTIONS} keep-alive connections from another process, rounds in turn; the token`,
  'is in memory and the secret was verified. Own: POST /api/tenants/{tenant}/token with a bearer token and a JSON body.',
];

const SCOPE = 'https://api.security.microsoft.com/.default';

function toTargets(
  { tenantIds, callerToken, callerId, callerSecret }: TestEnvironment,
  { url }: ForkedHost,
): Readonly<Record<Target, LoadRequest>> {
  const [tenant] = tenantIds;
  const toForm = (path: string, fields: Record<string, string>): LoadRequest => ({
    method: 'POST',
    url: `${url}/${tenant}/${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE, ...fields }),
    ),
  });
  const secret = { client_id: callerId, client_secret: callerSecret };
  return {
    'own route': {
      method: 'POST',
      url: `${url}/api/tenants/${tenant}/token`,
      headers: { authorization: `Bearer ${callerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ resource: 'defender-xdr', min_ttl: 60 }),
    },
    assertion: toForm('oauth2/v2.0/token', {
      client_id: callerId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: callerToken,
    }),
    secret: toForm('oauth2/v2.0/token', secret),
    'v1, secret': toForm('oauth2/token', secret),
  };
}

async function measure(
  targets: Readonly<Record<Target, LoadRequest>>,
  { quick }: SectionOptions,
): Promise<ReadonlyMap<Target, number>> {
  const names: readonly Target[] = ['own route', 'assertion', 'secret', 'v1, secret'];
  const round = (name: Target, seconds: number) => () =>
    measureThroughput(targets[name], { connections: CONNECTIONS, seconds });
  // The first requests compile the host, fill the cache and verify the secret.
  for (const name of names) await round(name, quick ? 1 : 2)();
  const rounds = new Map(names.map((name) => [name, round(name, quick ? 1 : 3)]));
  return await measureInTurn(rounds, quick ? 2 : 7);
}

function toRows(measured: ReadonlyMap<Target, number>): readonly Row[] {
  const at = (name: Target) => measured.get(name) ?? Number.NaN;
  const own = at('own route');
  return (['assertion', 'secret', 'v1, secret'] as const).map((name) => ({
    what: `OAuth endpoint by ${name}, of the throughput of our own route`,
    measured: { value: at(name), unit: 'req/s' },
    against: { name: 'own route', value: own, unit: 'req/s' },
    ratio: at(name) / own,
    bar: { of: 'ratio', is: 'at least', limit: 0.9 },
  }));
}

await reportSection(async (options): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: 1 });
  await seedBroker(environment);
  const host = await forkHost(environment.settings, { quiet: true });
  try {
    return { rows: toRows(await measure(toTargets(environment, host), options)), notes: NOTES };
  } finally {
    await host.stop();
    await environment.stop();
  }
});
