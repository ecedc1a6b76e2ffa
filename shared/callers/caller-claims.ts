import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { BrokerError } from '../errors.ts';
import type { Caller } from './caller.ts';

/** The delegated permission of the broker's API. */
export const API_SCOPE = 'user_impersonation';

/** The Azure CLI, the same in every tenant (Microsoft Learn, First-party application IDs). */
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/**
 * The clients through which people may call: the console's, those of agents, and the Azure CLI
 * where it is allowed.
 */
export function listUserClients({
  consoleClientId,
  agentClientIds,
  allowAzureCli,
}: {
  consoleClientId: string;
  agentClientIds: readonly string[];
  allowAzureCli: boolean;
}): ReadonlySet<string> {
  return new Set([consoleClientId, ...agentClientIds, ...(allowAzureCli ? [AZURE_CLI] : [])]);
}

const claimsSchema = v.object({
  tid: v.string(),
  exp: v.number(),
  appid: v.optional(v.string()),
  azp: v.optional(v.string()),
  oid: v.optional(v.string()),
  scp: v.optional(v.string()),
  idtyp: v.optional(v.string()),
  roles: v.optional(v.array(v.string())),
});

type Claims = v.InferOutput<typeof claimsSchema>;

/** The claims of a token whose signature holds; throws unless they are of the home tenant. */
export function parseCallerClaims(payload: JWTPayload, homeTenantId: string): Claims {
  const claims = v.safeParse(claimsSchema, payload);
  if (claims.success && claims.output.tid.toLowerCase() === homeTenantId) return claims.output;
  throw toInvalidToken('The access token is not for an app or user of the home tenant.');
}

/**
 * A token with a scope is a person's, through a client; one without has to say that no person
 * stands behind it.
 */
export function toCaller(claims: Claims, userClients: ReadonlySet<string>): Caller {
  const { appid, azp, oid, roles = [] } = claims;
  const clientId = (azp ?? appid)?.toLowerCase();
  const isUser = claims.scp !== undefined;
  if (isUser) assertUserToken(claims, clientId, userClients);
  else assertAppToken(claims);
  const id = isUser ? oid?.toLowerCase() : clientId;
  if (!id) throw toInvalidToken('The access token names no caller.');
  if (!isUser) return { id, kind: 'application', roles };
  return { id, kind: 'user', roles, ...(clientId !== undefined && { clientId }) };
}

/**
 * Without the claim a token of a person could pass for an application's, whose id other rules are
 * about.
 */
function assertAppToken({ idtyp }: Claims): void {
  if (idtyp === 'app') return;
  throw new BrokerError(
    'invalid_token',
    "The access token does not say that it is an application's: idtyp is not app.",
    {
      owner: 'partner',
      remedy:
        "Add the optional claim idtyp to access tokens in the registration of the broker's API.",
    },
  );
}

/**
 * Any client of the home tenant can ask people for a token; only those that were chosen may use one
 * here.
 */
function assertUserToken(
  { scp = '', idtyp }: Claims,
  clientId: string | undefined,
  userClients: ReadonlySet<string>,
): void {
  if (idtyp === 'app' || !scp.split(' ').includes(API_SCOPE)) {
    throw toInvalidToken(`The access token of a person lacks the scope ${API_SCOPE}.`);
  }
  if (clientId !== undefined && userClients.has(clientId)) return;
  throw new BrokerError(
    'invalid_token',
    'The access token of a person is of a client that may not call for people.',
    {
      owner: 'partner',
      remedy: 'Use the console, or have an operator set AGENT_CLIENT_IDS or ALLOW_AZURE_CLI.',
    },
  );
}

/** For a token that makes nobody a caller. */
export function toInvalidToken(description: string): BrokerError {
  return new BrokerError('invalid_token', description, {
    owner: 'caller',
    remedy: "Get an access token of the home tenant for the broker's API (setting API_AUDIENCE).",
  });
}
