import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, test } from 'vitest';
import { EXAMPLE_CALLER, EXAMPLE_INCIDENT } from '../../functions/examples.ts';
import type { ApiRoute } from '../../functions/route.ts';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { DAMAGES, damage, listPaths, type Path, toDoubled } from '../support/damages.ts';
import { ROUTES_OF_TOOLS } from './routes-of-tools.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard, customer } = await startEnvironment();
const { tenantId } = customer('Contoso').tenant;
const roles = {
  'defender-xdr': ['Incident.ReadWrite.All'],
  graph: ['SecurityIncident.ReadWrite.All'],
};
const { clientId } = sandbox.partner.client;
grantConsent(sandbox.partner.directory, { tenantId, clientId, roles });
sandbox.microsoft.incidents.createIncident(tenantId);
await onboard('Contoso');
await operator.call('PATCH', `/tenants/${tenantId}/incidents/${EXAMPLE_INCIDENT}`, { tags: [] });
const receiver = { url: 'http://127.0.0.1:9000/' };
const subscription = (await operator.call('POST', '/subscriptions', receiver)).body;
const bearer = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();

/** What may be left out, or be as it is here, so that a damage of it is none. */
const MEANT: readonly RegExp[] = [
  // Optional parameters, and what is sent beside them.
  /: missing$/,
  // Nobody is assigned; a note, a name or a comment may be any text.
  /assigned_to: (an empty|a huge) text$/,
  /note: an empty text$/,
  // An invitation for whoever opens it.
  /^invitations\.\d: an object$/,
  // No tags, no filter.
  /\btags: a list$/,
  /\bfilter: (an object|__proto__)$/,
  // A block, as it is in the example; what is not known goes.
  /^blocked: true$/,
  /^discard: true$/,
  // The tenant has no retention of its own.
  /^incident_retention_days: null$/,
  // The tenant has no source of its own.
  /incident_source: null$/,
  // A number that may be meant.
  /min_ttl: a number$/,
  /from_sequence: a number$/,
  // The only value that there is.
  /^(all|ledger): true$/,
  // A query of KQL may be long.
  /^query: a huge text$/,
];

interface Sent {
  readonly name: string;
  readonly route: ApiRoute;
  readonly text: string;
}

function toPath({ path, sample }: ApiRoute): string {
  return path
    .replace(/^api/, '')
    .replace('{tenant}', sample?.tenant ?? tenantId)
    .replace('{id}', EXAMPLE_INCIDENT)
    .replace('{subscription_id}', subscription.subscription_id)
    .replace('{client_id}', EXAMPLE_CALLER);
}

async function send({ route, text }: Pick<Sent, 'route' | 'text'>, query = '') {
  const response = await fetch(`${sandbox.url}/api${toPath(route)}${query}`, {
    method: route.method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(text !== '' && { body: text }),
  });
  return { status: response.status, body: JSON.parse((await response.text()) || '{}') };
}

function listBodies(route: ApiRoute): readonly Sent[] {
  return Object.values(route.examples ?? {}).flatMap(({ value }) =>
    listPaths(value).flatMap((path) => [
      ...DAMAGES.map(([how, by]) => ({
        name: `${path.join('.')}: ${how}`,
        route,
        text: JSON.stringify(damage(value, path, by)),
      })),
      ...listDoubled(route, value, path),
    ]),
  );
}

function listDoubled(route: ApiRoute, value: unknown, path: Path): readonly Sent[] {
  if (typeof path.at(-1) !== 'string') return [];
  return [{ name: `${path.join('.')}: doubled`, route, text: toDoubled(value, path) }];
}

const WITH_BODY = ROUTES_OF_TOOLS.filter(({ examples }) => examples);

/** A batch refuses its entries one by one. */
function hasRefusedEntry(body: { value?: unknown } | undefined): boolean {
  const entries = Array.isArray(body?.value) ? body.value : [];
  return entries.some((entry) => typeof entry?.status === 'number' && entry.status >= 400);
}

test.each(WITH_BODY)('$id answers no damaged body with 500, and takes none', async (route) => {
  const taken: string[] = [];
  const broken: string[] = [];
  for (const sent of listBodies(route)) {
    const { status, body } = await send(sent);
    if (status >= 500) broken.push(`${sent.name} ${status} ${body.error}`);
    const isTaken = status < 400 && !hasRefusedEntry(body);
    if (isTaken && !MEANT.some((meant) => meant.test(sent.name))) taken.push(sent.name);
  }
  expect({ broken, taken }).toEqual({ broken: [], taken: [] });
});

const WITH_QUERY = ROUTES_OF_TOOLS.filter(({ query }) => query);

function listParameters({ query }: ApiRoute): readonly string[] {
  const schema = query && toJsonSchema(query, { typeMode: 'input', errorMode: 'ignore' });
  return Object.keys(schema?.properties ?? {});
}

const ODD_VALUES = [
  'null',
  'undefined',
  '[]',
  '{}',
  '-1',
  '0.5',
  '1e300',
  '%00',
  "'",
  '%F0%9F%92%A9',
];

test.each(WITH_QUERY)('$id answers no odd query with 500', async (route) => {
  const broken: string[] = [];
  for (const name of listParameters(route)) {
    for (const value of [...ODD_VALUES, 'x'.repeat(2000)]) {
      const { status } = await send({ route, text: '' }, `?${name}=${value}`);
      if (status >= 500) broken.push(`${name}=${value} ${status}`);
    }
  }
  expect(broken).toEqual([]);
});

test.each(WITH_QUERY)('$id takes no parameter that is empty or doubled', async (route) => {
  const taken: string[] = [];
  for (const name of listParameters(route)) {
    for (const query of [`?${name}=`, `?${name}=1&${name}=1`]) {
      const { status } = await send({ route, text: '' }, query);
      if (status !== 400) taken.push(`${query} ${status}`);
    }
  }
  expect(taken).toEqual([]);
});

test.each(ROUTES_OF_TOOLS)('$id answers no odd path with 500', async (route) => {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const broken: string[] = [];
  for (const name of names) {
    for (const value of ['null', '0', '-1', '%27', '%20', 'x'.repeat(1000), '%C3%A4', 'a%2Fb']) {
      const odd = { ...route, path: route.path.replace(`{${name}}`, value) };
      const { status } = await send({ route: odd, text: '' });
      if (status >= 500) broken.push(`${name}=${value} ${status}`);
    }
  }
  expect(broken).toEqual([]);
});
