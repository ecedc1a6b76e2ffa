import type { Call, EntraState } from '../context.ts';
import { findDelegatedApi } from '../directory/delegated-scopes.ts';
import type { Application, Directory } from '../directory/directory-model.ts';
import { EntraError } from '../errors.ts';
import { isTenantIndependent, requireTenant } from '../tenant-segment.ts';
import { checkAudience, requireApplication } from '../token-endpoint/client.ts';
import type { CodeGrant } from './codes.ts';
import { requireRedirectUri } from './redirect-uri.ts';

/** A request of a known client whose redirect URI may be used. */
export interface BrowserRequest {
  readonly application: Application;
  readonly redirectUri: string;
  readonly query: URLSearchParams;
}

/** Checks what comes first: tenant, client and redirect URI; what it throws is only shown. */
export function readBrowserRequest(state: EntraState, call: Call): BrowserRequest {
  const query = call.url.searchParams;
  for (const name of query.keys()) {
    if (query.getAll(name).length > 1) {
      throw new EntraError(9000411, `The parameter '${name}' is duplicated.`);
    }
  }
  const tenant = isTenantIndependent(call.segment) ? undefined : requireTenant(call);
  const clientId = requireQuery(query, 'client_id');
  call.notes.clientId = clientId;
  const application = requireApplication(state, call, clientId);
  if (tenant !== undefined) checkAudience(application, tenant);
  if (tenant === undefined && application.signInAudience === 'AzureADMyOrg') {
    throw new EntraError(
      50194,
      `Application '${clientId}'(${application.displayName}) is not configured as a multi-tenant ` +
        `application. Usage of the /${call.segment} endpoint is not supported for such apps.`,
    );
  }
  return {
    application,
    redirectUri: requireRedirectUri(application, uriOf(call, application)),
    query,
  };
}

/** The parameters of an authorize request that may be answered at the redirect URI. */
export interface AuthorizeParameters {
  readonly scope: string;
  readonly prompt: string | null;
  readonly challenge: CodeGrant['challenge'];
}

/** Checks the rest of an authorize request. */
export function readAuthorizeParameters(
  { directory }: EntraState,
  call: Call,
  query: URLSearchParams,
): AuthorizeParameters {
  const responseType = requireQuery(query, 'response_type');
  if (responseType !== 'code') {
    throw new EntraError(
      700054,
      `response_type '${responseType}' is not enabled for the application.`,
    );
  }
  const responseMode = query.get('response_mode') ?? 'query';
  if (responseMode !== 'query') {
    throw new EntraError(
      70007,
      `'${responseMode}' is not a supported value of 'response_mode' when requesting a token.`,
    );
  }
  const scope = call.version === 1 ? 'openid profile' : requireQuery(query, 'scope');
  checkScopes(directory, scope);
  return { scope, prompt: readPrompt(call, query), challenge: readChallenge(query) };
}

/** Gets a query parameter; throws 900144. */
export function requireQuery(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value !== null && value !== '') return value;
  throw new EntraError(900144, `The request must contain the following parameter: '${name}'.`);
}

// The v1 endpoint takes the first registered URI when none is sent, as old consent links rely on.
function uriOf(call: Call, { redirectUris }: Application): string | null {
  const requested = call.url.searchParams.get('redirect_uri');
  const isV1Authorize = call.version === 1 && call.url.pathname.endsWith('/authorize');
  return requested ?? (isV1Authorize ? (redirectUris[0] ?? null) : null);
}

function readPrompt({ version }: Call, query: URLSearchParams): string | null {
  const prompt = query.get('prompt');
  const known = ['login', 'none', 'consent', 'select_account'];
  if (version === 1) known.push('admin_consent');
  if (prompt === null || known.includes(prompt)) return prompt;
  throw new EntraError(90023, `Unsupported 'prompt' value '${prompt}'.`);
}

function readChallenge(query: URLSearchParams): CodeGrant['challenge'] {
  const value = query.get('code_challenge');
  const method = query.get('code_challenge_method') ?? 'plain';
  if (value === null && !query.has('code_challenge_method')) return undefined;
  if (value === null || !/^[A-Za-z0-9._~-]{43,128}$/.test(value)) {
    throw new EntraError(501491, 'Invalid size of Code_Challenge parameter.');
  }
  if (method === 'S256' || method === 'plain') return { value, method };
  throw new EntraError(501491, `Unsupported code_challenge_method '${method}'.`);
}

const OIDC_SCOPES = ['openid', 'profile', 'email', 'offline_access', 'User.Read'];

function checkScopes(directory: Directory, scope: string): void {
  for (const one of scope.split(/\s+/)) {
    if (findDelegatedApi(directory, one)) continue;
    if (OIDC_SCOPES.includes(one) || one.startsWith('https://graph.microsoft.com/')) continue;
    throw new EntraError(
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${one} is not valid.`,
    );
  }
}
