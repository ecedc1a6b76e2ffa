import type { Resources } from '../tokens/resource.ts';
import type { StandardToken } from './standard-exchange.ts';
import { ACCESS_TOKEN_TYPE } from './token-exchange.ts';

/** RFC 6749 section 5.1 as Entra's v2 endpoint answers it: no `scope`, which would defeat MSAL's cache, no `expires_at`. */
export function toTokenJson({ token, isExchanged }: StandardToken, now: number) {
  const secondsUntil = (time: number) => Math.floor((time - now) / 1000);
  const expiresIn = secondsUntil(token.expiresAt);
  const refreshIn = secondsUntil(token.refreshAt);
  return {
    token_type: 'Bearer',
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    ...(refreshIn > 0 && { refresh_in: refreshIn }),
    ...(isExchanged && { issued_token_type: ACCESS_TOKEN_TYPE }),
    access_token: token.accessToken,
  };
}

/** The answer of Entra's v1 endpoint: numbers are texts, and it names the API. */
export function toTokenJsonV1(
  { token, named, isExchanged }: StandardToken,
  { resources, now }: { resources: Resources; now: number },
) {
  const expiresIn = String(Math.floor((token.expiresAt - now) / 1000));
  return {
    token_type: 'Bearer',
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    expires_on: String(Math.floor(token.expiresAt / 1000)),
    not_before: String(Math.floor(token.issuedAt / 1000)),
    resource: named ?? resources[token.resource].identifier,
    ...(isExchanged && { issued_token_type: ACCESS_TOKEN_TYPE }),
    access_token: token.accessToken,
  };
}
