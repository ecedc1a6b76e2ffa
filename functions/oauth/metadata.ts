import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { BrokerError } from '../../shared/errors.ts';
import type { MetadataVersion } from '../../shared/oauth/metadata.ts';
import { toErrorResponse } from '../api.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';

const PUBLIC = { 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' };

/**
 * `GET /{tenant}/v2.0/.well-known/openid-configuration`: what MSAL and openid-client read first.
 */
export const openIdMetadata: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'openIdMetadata',
  method: 'GET',
  head: true,
  path: '{tenant}/v2.0/.well-known/openid-configuration',
  summary: 'See where the token endpoint of a tenant is; every tenant has one, known or not.',
  answers: { 200: 'OAuthMetadata' },
  errors: ['invalid_request', 'server_error'],
  createHandler: (parts) => createMetadataHandler(parts, 'v2.0'),
};

/** `GET /{tenant}/.well-known/openid-configuration`: the same for clients that add no version. */
export const openIdMetadataV1: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'openIdMetadataV1',
  method: 'GET',
  head: true,
  path: '{tenant}/.well-known/openid-configuration',
  summary: 'The same, with an issuer that ends with the tenant.',
  answers: { 200: 'OAuthMetadata' },
  errors: ['invalid_request', 'server_error'],
  createHandler: (parts) => createMetadataHandler(parts, 'v1.0'),
};

/** `GET /{tenant}/discovery/v2.0/keys`: none, since the broker signs no tokens. */
export const openIdKeys: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'openIdKeys',
  method: 'GET',
  head: true,
  path: '{tenant}/discovery/v2.0/keys',
  summary: "No keys: the tokens are Entra's.",
  answers: { 200: 'OAuthKeys' },
  errors: [],
  createHandler: () => () => ({ headers: PUBLIC, jsonBody: { keys: [] } }),
};

/** `GET /{tenant}/oauth2/v2.0/authorize`: metadata has to name it; nobody signs in here. */
export const standardAuthorize: OpenRoute = {
  kind: 'open',
  tag: 'oauth',
  id: 'standardAuthorize',
  method: 'GET',
  path: '{tenant}/oauth2/v2.0/authorize',
  summary: 'Always refused: the broker has tokens for apps only, and signs nobody in.',
  answers: {},
  errors: ['invalid_request'],
  createHandler: (parts) => (_, context) =>
    refuse(parts, context.invocationId, {
      description: 'Nobody signs in here: the broker has tokens for apps only.',
      remedy: 'Use the grant type client_credentials at the token endpoint.',
    }),
};

function createMetadataHandler(parts: HandlerParts, version: MetadataVersion): HttpHandler {
  return (http, { invocationId }) => {
    try {
      const metadata = parts.getServices().createMetadata(http.params.tenant ?? '', version);
      if (metadata) return { headers: PUBLIC, jsonBody: metadata };
    } catch (error) {
      return toErrorResponse(error, { log: parts.log, correlationId: invocationId });
    }
    return refuse(parts, invocationId, {
      description: 'The tenant in the path is neither an id (GUID) nor a domain name.',
      remedy: "Use the customer's tenant id.",
    });
  };
}

function refuse(
  { log }: HandlerParts,
  correlationId: string,
  { description, remedy }: { description: string; remedy: string },
): HttpResponseInit {
  const error = new BrokerError('invalid_request', description, { owner: 'caller', remedy });
  return toErrorResponse(error, { log, correlationId });
}
