import type { RequiredRoles } from '../../config.ts';
import { isAudienceOf, type Resources } from '../../resources/resource.ts';
import { RESOURCE_NAMES, type ResourceName } from '../../resources/resources.ts';
import { findMissingRoles } from '../token-issuer.ts';
import {
  type AccessTokenClaims,
  readClaims,
  toTokenHash,
  type UnreadablePart,
} from './access-token.ts';

/** What can be wrong with a token, in the order in which it is looked at. */
type TokenProblem =
  | 'unreadable'
  | 'expired'
  | 'unknown_audience'
  | 'other_resource'
  | 'other_app'
  | 'not_app_only'
  | 'no_service_principal'
  | 'missing_roles';

/** What a person would read off a decoded token; the token itself is never part of it. */
export interface TokenReport {
  readonly valid: boolean;
  readonly problems: readonly TokenProblem[];
  readonly claims: AccessTokenClaims | undefined;
  /** With `unreadable`: the part that can't be read. */
  readonly unreadable: UnreadablePart | undefined;
  readonly resource: ResourceName | undefined;
  readonly missingRoles: readonly string[];
  readonly secondsLeft: number | undefined;
  readonly tokenHash: string;
}

/**
 * Looks at a token as Microsoft's page has people do by hand in a decoder. It says what the token
 * claims, not who signed it: tokens of others' APIs can only be verified by those APIs.
 */
export function createValidateToken({
  resources,
  requiredRoles,
  clientId,
  now,
}: {
  resources: Resources;
  requiredRoles: RequiredRoles;
  clientId: string;
  now: () => number;
}): (accessToken: string, asked: ResourceName | undefined) => TokenReport {
  const findResource = ({ audience }: AccessTokenClaims) =>
    RESOURCE_NAMES.find((name) => isAudienceOf(resources[name], audience));

  return (accessToken, asked) => {
    const { claims, unreadable } = readClaims(accessToken);
    const resource = claims && findResource(claims);
    const required = (resource && requiredRoles.get(resource)) ?? [];
    const missingRoles = claims ? findMissingRoles(claims.roles, required) : [];
    const problems = claims
      ? toProblems([
          ['expired', claims.expiresAt <= now()],
          ['unknown_audience', !resource],
          ['other_resource', resource !== undefined && asked !== undefined && resource !== asked],
          ['other_app', claims.clientId !== clientId],
          ['not_app_only', !claims.isAppOnly],
          ['no_service_principal', !claims.objectId],
          ['missing_roles', missingRoles.length > 0 || claims.roles.length === 0],
        ])
      : ['unreadable' as const];
    return {
      valid: problems.length === 0,
      problems,
      claims,
      unreadable,
      resource,
      missingRoles,
      secondsLeft: claims && Math.max(0, Math.floor((claims.expiresAt - now()) / 1000)),
      tokenHash: toTokenHash(accessToken),
    };
  };
}

function toProblems(
  checks: readonly (readonly [TokenProblem, boolean])[],
): readonly TokenProblem[] {
  return checks.flatMap(([problem, isTrue]) => (isTrue ? [problem] : []));
}
