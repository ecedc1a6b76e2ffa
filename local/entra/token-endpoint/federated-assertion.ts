import type { JWTPayload } from 'jose';
import type { Application, FederatedCredential } from '../directory/directory-model.ts';
import { EntraError, type EntraErrorCode } from '../errors.ts';

/**
 * Finds the federated identity credential for an assertion's issuer, audience and subject
 * (case-sensitive); throws 700211, 700212, 700213, or 700229 for a token of a person.
 */
export function checkFederatedAssertion(application: Application, claims: JWTPayload): void {
  const byIssuer = narrow(application.federatedCredentials, {
    matches: ({ issuer }) => issuer === claims.iss,
    code: 700211,
    what: `issuer '${claims.iss}'`,
  });
  const byAudience = narrow(byIssuer, {
    matches: ({ audience }) => audience === claims.aud,
    code: 700212,
    what: `audience '${String(claims.aud)}'`,
  });
  narrow(byAudience, {
    matches: ({ subject }) => subject === claims.sub,
    code: 700213,
    what: `subject '${claims.sub}'`,
  });
  if (claims.idtyp === 'app') return;
  throw new EntraError(
    700229,
    'Only app-only tokens can be used as Federated Identity Credentials for AAD issuer.',
  );
}

function narrow(
  credentials: readonly FederatedCredential[],
  wanted: {
    readonly matches: (credential: FederatedCredential) => boolean;
    readonly code: EntraErrorCode;
    readonly what: string;
  },
): readonly FederatedCredential[] {
  const matching = credentials.filter(wanted.matches);
  if (matching.length > 0) return matching;
  throw new EntraError(
    wanted.code,
    `No matching federated identity record found for presented assertion ${wanted.what}. Check ` +
      'your federated identity credential Subject, Audience and Issuer against the presented ' +
      'assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation',
  );
}
