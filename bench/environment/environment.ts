import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { addTenant } from '../../local/entra/directory.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { getCallerToken } from '../../local/sandbox/client.ts';
import { startMicrosoft } from '../../local/sandbox/microsoft.ts';
import { createPartner, type Partner, type Tool } from '../../local/sandbox/partner.ts';
import { toBrokerSettings } from '../../local/sandbox/settings.ts';
import { createEnvironmentControl } from '../environment/control.ts';
import type { TestEnvironment } from './start-environment.ts';

/**
 * The outside of a broker in a process of its own: storage, Microsoft's stand-ins, tenants that
 * have consented.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenants: { type: 'string', default: '0' },
      latency: { type: 'string', default: '0' },
    },
  });
  // The hosts of a measurement listen on ports of their own, and nobody signs in.
  const publicBaseUrl = 'http://127.0.0.1:7071';
  const partner = createPartner({ publicBaseUrl });
  const tenantIds = addConsentedTenants(partner, Number(values.tenants));
  const control = createEnvironmentControl(partner.directory, () => microsoft.entra);
  const microsoft = await startMicrosoft({ directory: partner.directory, control });
  const year = 365 * 24 * 60 * 60_000;
  const { keyVault } = microsoft;
  keyVault.setSecret('partner-client-secret', partner.clientSecret, {
    expiresOn: Date.now() + year,
  });
  const key = randomBytes(32).toString('base64url');
  const kid = keyVault.setSecret('token-encryption-key', key);
  const azurite = await startAzurite();
  const storage = azurite.connectionString;
  const tokens = await getTokens(partner, microsoft.url);
  const latency = Number(values.latency);
  if (latency > 0) injectFault(partner.directory, { kind: 'slow', ms: latency });
  const settings = toBrokerSettings({ partner, microsoft, storage, publicBaseUrl });
  const environment: Omit<TestEnvironment, 'stop'> = {
    url: microsoft.url,
    storage,
    // Once a year: a refresh by the timer would count as a request for a token.
    ringKey: { kid, key },
    settings: { ...settings, TOKEN_REFRESH_SCHEDULE: '0 0 0 1 1 *' },
    clientId: partner.client.clientId,
    clientSecret: partner.clientSecret,
    ...tokens,
    tenantIds,
  };
  process.send?.(environment);
  process.once('disconnect', () => process.exit());
}

/** Two of the partner's own tools, with tokens for the broker. */
async function getTokens({ api, directory, tools }: Partner, entraUrl: string) {
  const { homeTenantId } = directory;
  const audience = api.api?.identifiers[0] ?? '';
  const getToken = (tool: Tool) => getCallerToken({ entraUrl, homeTenantId, audience, tool });
  const { operator, playbook } = tools;
  return {
    callerToken: await getToken(operator),
    callerId: operator.clientId,
    callerSecret: operator.secret,
    otherCaller: { id: playbook.clientId, token: await getToken(playbook) },
  };
}

function addConsentedTenants({ directory, client }: Partner, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const { tenantId } = addTenant(directory, { displayName: `Customer ${index}` });
    grantConsent(directory, { tenantId, clientId: client.clientId });
    return tenantId;
  });
}

await main();
