import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import * as v from 'valibot';
import { ConfigError } from '../../shared/config.ts';
import { BrokerError } from '../../shared/errors.ts';
import { type Dialect, toOAuthError } from '../../shared/oauth/oauth-error.ts';
import { toTokenJson, toTokenJsonV1 } from '../../shared/oauth/oauth-token.ts';
import type { StandardToken } from '../../shared/oauth/standard-exchange.ts';
import { TOKEN_EXCHANGE } from '../../shared/oauth/token-exchange.ts';
import {
  assertNoCredentials,
  parseTokenForm,
  type TokenForm,
} from '../../shared/oauth/token-form.ts';
import { toConfigurationError, toOrigin } from '../api.ts';
import { findAddress } from '../client-address.ts';
import { readForm } from '../input/read-body.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';
import type { Services } from '../services.ts';

/** RFC 6749 section 5.1: no cache may keep it. */
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  pragma: 'no-cache',
};

const SUMMARY =
  "Get an app-only token of a customer's tenant, with any OAuth client: it answers as Entra does.";

const ANSWERS = {
  400: 'OAuthError',
  401: 'OAuthError',
  429: 'OAuthError',
  500: 'OAuthError',
  503: 'OAuthError',
};

/**
 * What the description says of the form; repeated and unknown parameters need more than a schema.
 */
const tokenFormSchema = v.looseObject({
  grant_type: v.picklist(['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange']),
  scope: v.optional(v.string()),
  resource: v.optional(v.string()),
  client_id: v.optional(v.string()),
  client_secret: v.optional(v.string()),
  client_assertion_type: v.optional(v.string()),
  client_assertion: v.optional(v.string()),
  subject_token: v.optional(v.string()),
  subject_token_type: v.optional(v.string()),
});

/** `POST /{tenant}/oauth2/v2.0/token`: Entra's v2 token endpoint, with the customer's token. */
export const standardToken: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'standardToken',
  method: 'POST',
  path: '{tenant}/oauth2/v2.0/token',
  summary: SUMMARY,
  form: tokenFormSchema,
  answers: { 200: 'OAuthToken', ...ANSWERS },
  errors: [],
  createHandler: (parts) => createTokenHandler(parts, 'v2'),
};

/** `POST /{tenant}/oauth2/token`: Entra's v1 token endpoint, with the customer's token. */
export const standardTokenV1: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'standardTokenV1',
  method: 'POST',
  path: '{tenant}/oauth2/token',
  summary: `${SUMMARY} Numbers are texts, as in its v1.`,
  form: tokenFormSchema,
  answers: { 200: 'OAuthTokenV1', ...ANSWERS },
  errors: [],
  createHandler: (parts) => createTokenHandler(parts, 'v1'),
};

function createTokenHandler(parts: HandlerParts, version: 'v1' | 'v2'): HttpHandler {
  return async (http, { invocationId }) => {
    let dialect: Dialect = version;
    try {
      const services = parts.getServices();
      const form = await readTokenForm(http);
      if (form.find('grant_type') === TOKEN_EXCHANGE) dialect = 'exchange';
      const issued = await exchange(services, { http, form, correlationId: invocationId });
      const toJson = version === 'v1' ? toTokenJsonV1 : toTokenJson;
      return { headers: HEADERS, body: JSON.stringify(toJson(issued, services.entraNow())) };
    } catch (error) {
      return toErrorResponse(error, { parts, dialect, http, correlationId: invocationId });
    }
  };
}

async function readTokenForm(http: HttpRequest): Promise<TokenForm> {
  assertNoCredentials(http.query);
  return parseTokenForm(await readForm(http));
}

function exchange(
  { exchangeStandard }: Services,
  { http, form, correlationId }: { http: HttpRequest; form: TokenForm; correlationId: string },
): Promise<StandardToken> {
  return exchangeStandard({
    tenant: http.params.tenant ?? '',
    form,
    authorization: http.headers.get('authorization') ?? undefined,
    address: findAddress(http),
    correlationId,
  });
}

/** Without what the whole description adds, such as the consent link. */
function toLogText(error: unknown): string {
  if (!(error instanceof BrokerError)) return 'The broker met an unexpected condition.';
  return error.details.logDescription ?? error.message;
}

function toErrorResponse(
  thrown: unknown,
  {
    parts: { log },
    dialect,
    http,
    correlationId,
  }: { parts: HandlerParts; dialect: Dialect; http: HttpRequest; correlationId: string },
): HttpResponseInit {
  const error = thrown instanceof ConfigError ? toConfigurationError(thrown) : thrown;
  const shaped = toOAuthError(error, { dialect, correlationId, now: Date.now() });
  const { status, retryAfterSeconds, body } = shaped;
  log.note({ error: body.error, owner: body.owner, description: toLogText(error) });
  if (status >= 500) log.note(toOrigin(error));
  const isBasic = http.headers.get('authorization')?.toLowerCase().startsWith('basic ') ?? false;
  return {
    status,
    body: JSON.stringify(body),
    headers: {
      ...HEADERS,
      'x-correlation-id': correlationId,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(status === 401 && isBasic && { 'www-authenticate': 'Basic realm="broker"' }),
    },
  };
}
