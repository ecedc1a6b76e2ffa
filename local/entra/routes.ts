import type { Answer } from './context.ts';
import type { Endpoint } from './faults.ts';
import { discoveryInstance, discoveryKeys, openidConfiguration } from './metadata.ts';
import { adminConsent } from './sign-in/admin-consent.ts';
import { authorize } from './sign-in/authorize.ts';
import { logout } from './sign-in/logout.ts';
import { tokenEndpoint } from './token-endpoint/token-endpoint.ts';

/** Who answers a path. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly version: 1 | 2;
  readonly answer: Answer;
}

/** Finds the route of a path without its tenant. */
export function findRoute(path: string): Route | undefined {
  return routes.get(path);
}

const routes: ReadonlyMap<string, Route> = new Map([
  ['.well-known/openid-configuration', toRoute('metadata', 1, openidConfiguration)],
  ['v2.0/.well-known/openid-configuration', toRoute('metadata', 2, openidConfiguration)],
  ['discovery/keys', toRoute('metadata', 1, discoveryKeys)],
  ['discovery/v2.0/keys', toRoute('metadata', 2, discoveryKeys)],
  ['discovery/instance', toRoute('metadata', 2, discoveryInstance)],
  ['oauth2/token', toRoute('token', 1, tokenEndpoint)],
  ['oauth2/v2.0/token', toRoute('token', 2, tokenEndpoint)],
  ['oauth2/authorize', toRoute('browser', 1, authorize)],
  ['oauth2/v2.0/authorize', toRoute('browser', 2, authorize)],
  ['oauth2/logout', toRoute('browser', 1, logout)],
  ['oauth2/v2.0/logout', toRoute('browser', 2, logout)],
  ['adminconsent', toRoute('browser', 1, adminConsent)],
  ['v2.0/adminconsent', toRoute('browser', 2, adminConsent)],
]);

function toRoute(endpoint: Endpoint, version: 1 | 2, answer: Answer): Route {
  return { endpoint, version, answer };
}
