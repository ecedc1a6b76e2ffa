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
    ALLOW_AZURE_CLI: 'true',
    MANAGED_IDENTITY_CLIENT_ID: partner.identity.clientId,
    PARTNER_NAME: partner.directory.tenants.get(partner.directory.homeTenantId)?.displayName ?? '',
    PARTNER_CONTACT: 'soc@northwind.example',
    PARTNER_PRIVACY_URL: 'https://northwind.example/privacy',
    PARTNER_APP_NAME: partner.client.displayName,
    OPTIONAL_ROLES: toRoleList(partner.client.requiredAppRoles),
    TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
    INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
  };
}

/**
 * Everything that the registration asks for, as settings list it; what is required is optional as
 * well.
 */
function toRoleList(rolesByResource: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(rolesByResource)
    .flatMap(([resource, roles]) => roles.map((role) => `${resource}:${role}`))
    .join(', ');
}
