import type { Microsoft } from './microsoft.ts';
import type { Partner } from './partner.ts';

/** Incidents come and go while somebody watches. */
export const LIVELY_SETTINGS: Readonly<Record<string, string>> = {
  INCIDENT_SYNC_SCHEDULE: '*/15 * * * * *',
  INCIDENT_SYNC_INTERVAL: '30',
};

/** The app settings of a broker in the sandbox, as `local.settings.json` would have them. */
export function toBrokerSettings({
  partner,
  microsoft,
  storage,
  publicBaseUrl,
}: {
  partner: Partner;
  microsoft: Microsoft;
  storage: string;
  publicBaseUrl: string;
}): Record<string, string> {
  return {
    ...microsoft.settings,
    AzureWebJobsStorage: storage,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    PARTNER_TENANT_ID: partner.directory.homeTenantId,
    PARTNER_CLIENT_ID: partner.client.clientId,
    PUBLIC_BASE_URL: publicBaseUrl,
    API_AUDIENCE: partner.api.api?.identifiers[0] ?? '',
    MANAGED_IDENTITY_CLIENT_ID: partner.identity.clientId,
    TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
    INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
  };
}
