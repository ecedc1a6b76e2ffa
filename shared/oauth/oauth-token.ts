import type { StandardToken } from './standard-exchange.ts';
import { ACCESS_TOKEN_TYPE } from './token-exchange.ts';

/**
 * RFC 6749 section 5.1 as Entra's v2 endpoint answers it: no `scope`, which would defeat MSAL's
 * cache, no `expires_at`.
 */
export function toTokenJson(token: StandardToken, now: number) {
  const expiresIn = toSecondsUntil(token.expiresAt, now);
  const refreshIn = toSecondsUntil(token.refreshAt ?? now, now);
  return {
    token_type: 'Bearer',
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    ...(refreshIn > 0 && { refresh_in: refreshIn }),
    ...(token.isExchanged && { issued_token_type: ACCESS_TOKEN_TYPE }),
    access_token: token.accessToken,
  };
}

/** The answer of Entra's v1 endpoint: numbers are texts, and it names the API. */
export function toTokenJsonV1(token: StandardToken, now: number) {
  const expiresIn = String(toSecondsUntil(token.expiresAt, now));
  return {
    token_type: 'Bearer',
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    expires_on: String(Math.floor(token.expiresAt / 1000)),
    not_before: String(Math.floor(token.issuedAt / 1000)),
    resource: token.named,
    ...(token.isExchanged && { issued_token_type: ACCESS_TOKEN_TYPE }),
    access_token: token.accessToken,
  };
}

function toSecondsUntil(time: number, now: number): number {
  return Math.floor((time - now) / 1000);
}
