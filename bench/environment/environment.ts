import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { addTenant } from '../../local/entra/directory.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { getCallerToken, toAddress } from '../../local/sandbox/client.ts';
import { openOutside } from '../../local/sandbox/outside.ts';
import type { Partner, ToolName } from '../../local/sandbox/partner.ts';
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
  const clock = { aheadMs: 0 };
  const { partner, microsoft, ringKey } = await openOutside(
    { lively: false, customerCount: 0 },
    {
      publicBaseUrl,
      stops: [],
      control: ({ directory }, getMicrosoft) =>
        createEnvironmentControl(directory, { clock, getEntra: () => getMicrosoft().entra }),
      now: () => Date.now() + clock.aheadMs,
    },
  );
  const tenantIds = addConsentedTenants(partner, Number(values.tenants));
  const azurite = await startAzurite();
  const storage = azurite.connectionString;
  const tokens = await getTokens(partner, microsoft.url);
  const latency = Number(values.latency);
  if (latency > 0) injectFault(partner.directory, { kind: 'slow', ms: latency });
  const settings = toBrokerSettings({ partner, microsoft, storage, publicBaseUrl });
  const environment: Omit<TestEnvironment, 'stop'> = {
    url: microsoft.url,
    storage,
    ringKey: { kid: ringKey.kid, key: Buffer.from(ringKey.key).toString('base64url') },
    // Once a year: a refresh by the timer would count as a request for a token.
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
async function getTokens(partner: Partner, entraUrl: string) {
  const getToken = (name: ToolName) => getCallerToken(toAddress(entraUrl, partner, name));
  const { operator, playbook } = partner.tools;
  return {
    callerToken: await getToken('operator'),
    callerId: operator.clientId,
    callerSecret: operator.secret,
    otherCaller: { id: playbook.clientId, token: await getToken('playbook') },
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
