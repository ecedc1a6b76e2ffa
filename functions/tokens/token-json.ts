import type { BrokeredToken } from '../../shared/tokens/brokered-token.ts';

/**
 * A token past its refresh is not worth asking about again at once: every process looks for a newer
 * one as often.
 */
const MIN_REFRESH_IN_SECONDS = 30;

/**
 * RFC 6749 section 5.1 with what a tool needs to plan ahead: `expires_at` in Unix seconds, as OAuth
 * libraries have it.
 */
export function toTokenJson(token: BrokeredToken, now: number) {
  const secondsUntil = (time: number) => Math.floor((time - now) / 1000);
  const expiresIn = secondsUntil(token.expiresAt);
  const refreshIn = Math.max(secondsUntil(token.refreshAt), MIN_REFRESH_IN_SECONDS);
  return {
    access_token: token.accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    expires_at: Math.floor(token.expiresAt / 1000),
    refresh_in: Math.min(refreshIn, expiresIn),
    tenant_id: token.tenantId,
    resource: token.resource,
    roles: token.claims.roles,
    ...(token.degraded && { degraded: true }),
  };
}
