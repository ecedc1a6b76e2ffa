import { describe, expect, test } from 'vitest';
import { createAskHomeTenant } from '../../../shared/entra/ask-home-tenant.ts';
import { createProve } from '../../../shared/entra/credential/home-tenant.ts';
import { createRotatingCredential } from '../../../shared/entra/credential/rotating-credential.ts';
import { toSecretVersion } from '../../../shared/entra/credential/secret.ts';
import { createRequestToken } from '../../../shared/entra/token-endpoint.ts';
import { BrokerError } from '../../../shared/errors.ts';
import { createResources } from '../../../shared/resources/resource.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { IssueError } from '../../../shared/tokens/failure.ts';
import { FAILURES } from '../../../shared/tokens/failure-table.ts';
import { createTokenIssuer } from '../../../shared/tokens/token-issuer.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { listMutations } from '../../support/mutations.ts';
import {
  CLIENT,
  createMatcher,
  makeAccessToken,
  OTHER_TENANT,
  TENANT,
} from '../../support/tokens.ts';

const AUTHORITY = 'https://login.example';
const HOME = '7d4b9e3a-b2f6-4e8d-8c73-5b3a8c9f4db2';
const RESOURCE = 'defender-xdr';

const TOKEN = {
  token_type: 'Bearer',
  expires_in: 3599,
  ext_expires_in: 3599,
  access_token: makeAccessToken(),
};
const ERROR = {
  error: 'unauthorized_client',
  error_description: 'AADSTS700016: Application not found.',
  error_codes: [700016],
  timestamp: '2026-11-21 09:00:00Z',
  trace_id: 'a',
  correlation_id: 'b',
  error_uri: 'https://login.example/error?code=700016',
};

/**
 * Entra answers the tenant as told, and everybody else with a token; the broker's client is the
 * real one.
 */
function setUp(answer: () => Response) {
  const clock = createClock();
  const log = createRecordedLog();
  const fetch = (input: RequestInfo | URL) => {
    const [, tenantId = ''] = new URL(String(input)).pathname.split('/');
    const accessToken = makeAccessToken({ tid: tenantId });
    const good = () => Response.json({ ...TOKEN, access_token: accessToken });
    return Promise.resolve(tenantId === TENANT ? answer() : good());
  };
  const credential = createRotatingCredential({
    kind: 'secret',
    versions: {
      list: () => Promise.resolve([{ version: 'one', createdAt: 0, expiresAt: undefined }]),
      read: () => Promise.resolve({ value: 'secret' }),
    },
    toVersion: toSecretVersion,
    prove: createProve({
      fetch,
      tokenEndpoint: `${AUTHORITY}/${HOME}/oauth2/v2.0/token`,
      clientId: CLIENT,
      scope: 'https://graph.microsoft.com/.default',
    }),
    record: () => Promise.resolve(),
    metrics: createMeter(),
    log,
    now: clock.now,
  });
  const resources = createResources('global');
  const requestToken = createRequestToken({
    ...{ fetch, authority: AUTHORITY, clientId: CLIENT, resources, credential },
  });
  return createTokenIssuer({ requestToken, matchToken: createMatcher(log) });
}

/**
 * What comes of an answer: a failure, or a life in milliseconds of a token that is for the tenant.
 */
async function issue(answer: () => Response) {
  const issueToken = setUp(answer);
  const outcome = await issueToken({ tenantId: TENANT, resource: RESOURCE }).catch(
    (error: unknown) => error,
  );
  const other = await issueToken({ tenantId: OTHER_TENANT, resource: RESOURCE });
  expect(other.claims.tenantId).toBe(OTHER_TENANT);
  return outcome;
}

const ISSUED = { claims: expect.objectContaining({ tenantId: TENANT, clientId: CLIENT }) };

describe('a token answer', () => {
  test.each(listMutations(TOKEN))(
    'where %s is used, or Microsoft’s mistake',
    async (what, text) => {
      const outcome = await issue(() => new Response(text));
      const isRefused = outcome instanceof IssueError;
      const cause = isRefused ? outcome.failure.cause : undefined;
      expect(['malformed_answer', 'wrong_token', undefined]).toContain(cause);
      const life = isRefused ? HOUR : (outcome as { expiresInMs: number }).expiresInMs;
      expect(life > 0 && Number.isSafeInteger(life)).toBe(true);
      expect(isRefused ? ISSUED : outcome).toMatchObject(isRefused ? {} : ISSUED);
      expect(isRefused || /ext_expires_in|doubled|expires_in is a number/.test(what)).toBe(true);
    },
  );

  test('as it should be gives the token', async () => {
    expect(await issue(() => Response.json(TOKEN))).toMatchObject(ISSUED);
  });
});

describe.each([400, 401, 403, 404])('an error answer with status %i', (status) => {
  test.each(listMutations(ERROR))('where %s is that tenant’s failure', async (_, text) => {
    const outcome = await issue(() => new Response(text, { status }));
    expect(outcome).toBeInstanceOf(IssueError);
    const { cause } = (outcome as IssueError).failure;
    expect(FAILURES[cause].scope).not.toBe('client');
    expect(FAILURES[cause].error).not.toBe('server_error');
  });
});

test.each([200, 201, 204, 206, 400, 401, 402, 408, 418, 429, 451, 499, 500, 503, 599])(
  'status %i without a body concerns nobody else',
  async (status) => {
    const outcome = await issue(() => new Response(null, { status }));
    expect(outcome).toBeInstanceOf(IssueError);
    expect((outcome as IssueError).failure).toMatchObject({
      cause: expect.stringMatching(/malformed_answer|throttled|service_unavailable/),
    });
  },
);

describe('the home tenant’s answer about a tool’s secret', () => {
  const ask = (answer: Response) =>
    createAskHomeTenant({
      fetch: () => Promise.resolve(answer),
      tokenEndpoint: `${AUTHORITY}/${HOME}/oauth2/v2.0/token`,
      apiAudience: `api://${CLIENT}`,
    })(CLIENT, 'a secret').catch((error: unknown) => error);

  test.each(listMutations(TOKEN))('where %s is a token or says nothing', async (_, text) => {
    const outcome = await ask(new Response(text));
    const isSilent = outcome instanceof BrokerError && outcome.code === 'temporarily_unavailable';
    expect(isSilent || typeof outcome === 'string').toBe(true);
  });

  test.each([
    ['a page', new Response('<html></html>', { status: 403 })],
    ['empty', new Response('', { status: 401 })],
    ['half an answer', new Response('{"error":"invalid_cl', { status: 401 })],
  ])('that is %s does not make the secret wrong', async (_, answer) => {
    expect(await ask(answer)).toMatchObject({ code: 'temporarily_unavailable' });
  });

  test('as v1 gives it, with its life as text, is a token', async () => {
    expect(await ask(Response.json({ ...TOKEN, expires_in: '3599' }))).toBeTypeOf('string');
  });
});
