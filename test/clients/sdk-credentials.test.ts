import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { Client } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { afterAll, expect, test } from 'vitest';
import {
  type BrokerCredentialOptions,
  createBrokerCredential,
} from '../../docs/client/token-credential.ts';
import { startTlsFront } from '../../local/tls/tls-front.ts';
import { readClaims, SCOPE, startFace } from './set-up.ts';

const { sandbox, contoso, fabrikam } = await startFace();
const { microsoft } = sandbox;
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
// The Graph SDK sends tokens over https only.
const graph = await startTlsFront(0, Number(new URL(microsoft.url).port));
afterAll(graph.stop);
microsoft.incidents.createIncident(contoso.tenantId);

async function getCallerToken(): Promise<string> {
  return await (await fetch(`${microsoft.url}/sandbox/token/operator`)).text();
}

/** The credential of a customer; every request that it sends is counted, and `at` is its clock. */
function setUp(tenant: string, options: Partial<BrokerCredentialOptions> = {}) {
  const sent: string[] = [];
  const clock = { at: Date.now() };
  const send: typeof fetch = (input, init) => {
    sent.push(String(init?.body));
    return fetch(input, init);
  };
  const credential = createBrokerCredential({
    url: sandbox.url,
    tenant,
    getCallerToken,
    fetch: send,
    now: () => clock.at,
    ...options,
  });
  return { credential, sent, clock };
}

test('a pipeline of Azure’s SDKs calls a customer’s API with it', async () => {
  const credential: TokenCredential = setUp(contoso.tenantId).credential;
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [SCOPE] }));
  const request = createPipelineRequest({
    url: `${graph.url}/api/incidents`,
    allowInsecureConnection: true,
  });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  expect([status, JSON.parse(bodyAsText ?? '').value.length]).toEqual([200, 1]);
});

test('the Graph SDK reads a customer’s incidents with it', async () => {
  const { credential, sent } = setUp('contoso.example');
  const client = Client.initWithMiddleware({
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes: [GRAPH_SCOPE] }),
    baseUrl: graph.url,
    customHosts: new Set(['localhost']),
  });
  const read = async () => (await client.api('/security/incidents').get()).value.length;
  expect([await read(), await read()]).toEqual([1, 1]);
  expect(sent).toEqual([JSON.stringify({ scope: GRAPH_SCOPE })]);
});

test('equal requests share one call, and the token is kept until the broker would renew it', async () => {
  const { credential, sent, clock } = setUp(contoso.tenantId);
  const [first, second] = await Promise.all([
    credential.getToken(SCOPE),
    credential.getToken([SCOPE]),
  ]);
  expect([second, await credential.getToken(SCOPE)]).toEqual([first, first]);
  expect(sent.length).toBe(1);
  clock.at = first.refreshAfterTimestamp;
  await credential.getToken(SCOPE);
  expect(sent.length).toBe(2);
  expect(readClaims(first.token).tid).toBe(contoso.tenantId);
});

test('a broker that is away does not take a token that is still good', async () => {
  const environment = { isDown: false };
  const send: typeof fetch = (input, init) =>
    environment.isDown ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init);
  const { credential, clock } = setUp(contoso.tenantId, { fetch: send });
  const first = await credential.getToken(SCOPE);
  environment.isDown = true;
  clock.at = first.refreshAfterTimestamp;
  expect(await credential.getToken(SCOPE)).toEqual(first);
  clock.at = first.expiresOnTimestamp - 1000;
  await expect(credential.getToken(SCOPE)).rejects.toThrow('fetch failed');
});

test('a credential is for one customer and one scope at a time', async () => {
  const { credential } = setUp(contoso.tenantId);
  const { tenantId } = fabrikam;
  await expect(credential.getToken(SCOPE, { tenantId })).rejects.toThrow('one for each customer');
  await expect(credential.getToken([SCOPE, GRAPH_SCOPE])).rejects.toThrow('Ask for one scope');
  await expect(credential.getToken([])).rejects.toThrow('Ask for one scope');
});

test('a refusal says what to do', async () => {
  const { credential } = setUp(contoso.tenantId);
  await expect(credential.getToken('https://mail.example/.default')).rejects.toThrow(
    /400 invalid_target: .* Use one/,
  );
});
