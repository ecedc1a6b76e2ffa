import { createHash, randomBytes } from 'node:crypto';
import type { Call, EntraState } from '../context.ts';
import type { ServicePrincipal, Tenant } from '../directory/directory-model.ts';
import type { ResourceApi } from '../directory/resources.ts';
import { guidOf } from '../directory.ts';
import { findEffect } from '../faults.ts';

/** What an app-only access token is made of. */
interface AppTokenInput {
  readonly tenant: Tenant;
  readonly clientId: string;
  readonly principal: ServicePrincipal;
  readonly resource: ResourceApi;
  /** The App ID URI as it was asked for. */
  readonly audience: string;
  readonly credential: 'secret' | 'certificate';
}

/** An access token; times are in epoch seconds. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly notBefore: number;
  readonly expiresOn: number;
}

// Entra dates its tokens five minutes back, for resources whose clock is slow.
const BACKDATED_SECONDS = 300;

/** Issues an app-only access token in the version that the resource wants, faults included. */
export async function issueAppToken(
  { directory, keys }: EntraState,
  call: Call,
  input: AppTokenInput,
): Promise<IssuedToken> {
  const uti = randomBytes(16).toString('base64url');
  const expiresIn = lifetimeSeconds(input.tenant, uti);
  const times = timesOf(call.now, expiresIn);
  const subject = subjectOf(input, call);
  const roles = takeVisibleRoles(input, call);
  const claims = {
    aud: input.resource.accessTokenVersion === 1 ? input.audience : input.resource.appId,
    ...issuerClaims(input.resource.accessTokenVersion, subject.tenantId, call.origin),
    ...times,
    ...clientClaims(input),
    ...(input.resource.emitsIdtyp ? { idtyp: 'app' } : {}),
    ...(findEffect(call.effects, 'token-without-oid') === undefined ? { oid: subject.oid } : {}),
    ...(roles.length > 0 ? { roles } : {}),
    aio: randomBytes(24).toString('base64'),
    rh: `1.${guidOf(`rh ${directory.homeTenantId}`)}.`,
    sub: subject.oid,
    uti,
  };
  const accessToken =
    findEffect(call.effects, 'opaque-token') === undefined
      ? await keys.signToken(claims, input.resource.accessTokenVersion)
      : randomBytes(600).toString('base64url');
  return { accessToken, expiresIn, notBefore: times.nbf, expiresOn: times.exp };
}

/** `iss`, `tid` and `ver` of a token. */
export function issuerClaims(version: 1 | 2, tid: string, origin: string) {
  return version === 1
    ? { iss: `https://sts.windows.net/${tid}/`, tid, ver: '1.0' }
    : { iss: `${origin}/${tid}/v2.0`, tid, ver: '2.0' };
}

/** `iat`, `nbf` and `exp` of a token that starts now (epoch milliseconds). */
export function timesOf(now: number, expiresIn: number) {
  const seconds = Math.floor(now / 1000);
  const start = seconds - BACKDATED_SECONDS;
  return { iat: start, nbf: start, exp: seconds + expiresIn };
}

/** Seconds that an access token of this tenant lives. */
function lifetimeSeconds(tenant: Tenant, uti: string): number {
  const policy = tenant.accessTokenLifetimeSeconds;
  if (policy !== 'random') return policy;
  return 3600 + (createHash('sha256').update(uti).digest().readUInt32BE() % 1801);
}

function subjectOf({ tenant, clientId, principal }: AppTokenInput, { effects }: Call) {
  const wrong = findEffect(effects, 'wrong-tenant');
  if (wrong === undefined) return { tenantId: tenant.tenantId, oid: principal.oid };
  const tenantId = wrong.answerTenantId;
  return { tenantId, oid: guidOf(`service principal ${clientId} ${tenantId}`) };
}

function clientClaims({ clientId, credential, resource }: AppTokenInput) {
  const method = credential === 'secret' ? '1' : '2';
  return resource.accessTokenVersion === 1
    ? { appid: clientId, appidacr: method }
    : { azp: clientId, azpacr: method };
}

function takeVisibleRoles({ principal, resource }: AppTokenInput, call: Call): readonly string[] {
  const lag = findEffect(call.effects, 'role-lag');
  const dropped = findEffect(call.effects, 'role-dropped')?.role;
  const held = principal.grants.filter((grant) => grant.resource === resource.key);
  for (const grant of held) grant.tokensSince += 1;
  if (findEffect(call.effects, 'token-without-roles') !== undefined) return [];
  return held
    .filter(({ grantedAt }) => call.now - grantedAt >= (lag?.ms ?? Number.NEGATIVE_INFINITY))
    .filter(({ tokensSince }) => tokensSince >= (lag?.tokens ?? 0))
    .map(({ role }) => role)
    .filter((role) => role !== dropped);
}
