import { ManagedIdentityCredential } from '@azure/identity';
import { addManagedIdentity } from '../../local/entra/directory/applications.ts';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { startEnvironment, type TestEnvironment } from '../functions/set-up.ts';

/** A broker behind TLS with two customers, as clients that know nothing of it meet it. */
export async function startFace() {
  const environment = await startEnvironment({}, { tlsPort: 0 });
  const { tls, partner } = environment.sandbox;
  if (!tls) throw new Error('The sandbox serves no TLS.');
  const contoso = (await environment.onboard('Contoso')).tenant;
  const fabrikam = (await environment.onboard('Fabrikam')).tenant;
  const tool = partner.tools.playbook;
  return { ...environment, tls, host: new URL(tls.url).host, tool, contoso, fabrikam };
}

/** The scope of the incidents' API. */
export const SCOPE = 'https://api.security.microsoft.com/.default';

/** A managed identity that may have everything, and what gives its tokens for the broker's API. */
export async function addIdentity({ sandbox, operator }: TestEnvironment) {
  const { directory, api } = sandbox.partner;
  const { clientId } = addManagedIdentity(directory, { name: 'worker' });
  const { homeTenantId: tenantId } = directory;
  grantConsent(directory, { tenantId, clientId, roles: { [api.clientId]: ['Tokens.Issue'] } });
  const rules = [{ id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] }];
  await operator.call('PUT', `/callers/${clientId}`, { rules });
  const credential = new ManagedIdentityCredential({ clientId });
  const scope = `${sandbox.settings.API_AUDIENCE}/.default`;
  return { clientId, getAssertion: async () => (await credential.getToken(scope)).token };
}

/** The customer whose token it is, and what it may do. */
export function readClaims(accessToken = ''): { tid: string; roles: readonly string[] } {
  const [, payload = ''] = accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
