import { randomBytes } from 'node:crypto';
import { APP_ROLES, type AppRole } from '../../shared/callers/caller.ts';
import { addApplication, addManagedIdentity } from '../entra/directory/applications.ts';
import type {
  Application,
  Directory,
  ManagedIdentity,
} from '../entra/directory/directory-model.ts';
import { grantConsent } from '../entra/directory/grants.ts';
import { createDirectory, getTenant, guidOf } from '../entra/directory.ts';

/**
 * The partner's own directory: the home tenant with the broker's client, its API and two internal
 * tools.
 */
export interface Partner {
  readonly directory: Directory;
  readonly client: Application;
  readonly clientSecret: string;
  readonly identity: ManagedIdentity;
  readonly api: Application;
  readonly tools: Readonly<Record<ToolName, Tool>>;
}

/**
 * The internal tools: an operator's console with every role, and a playbook that only gets tokens.
 */
export type ToolName = 'operator' | 'playbook';

/** An internal tool as its own configuration knows it. */
export interface Tool {
  readonly clientId: string;
  readonly secret: string;
}

const ROLES: Readonly<Record<ToolName, readonly AppRole[]>> = {
  operator: APP_ROLES,
  playbook: ['Tokens.Issue', 'Incidents.Read', 'Apis.Call'],
};

/** Creates the partner's directory for a broker at `publicBaseUrl`. */
export function createPartner({
  publicBaseUrl,
  now,
  writeRoles = false,
  secrets = {},
}: {
  publicBaseUrl: string;
  now?: () => number;
  /** Whether customers are asked to let incidents be changed, too. */
  writeRoles?: boolean;
  /** Secrets of a sandbox before, by name: `client` and those of the tools. */
  secrets?: Readonly<Record<string, string>>;
}): Partner {
  const directory = createDirectory({
    homeTenant: { displayName: 'Northwind Security', domains: ['northwind.example'] },
    ...(now && { now }),
  });
  const clientSecret = secrets.client ?? createSecret();
  const client = addApplication(directory, {
    displayName: 'Northwind Defender Broker',
    redirectUris: [`${publicBaseUrl}/api/consent/callback`, `${publicBaseUrl}/auth/callback`],
    secrets: [clientSecret],
    groupMembershipClaims: 'DirectoryRole',
    requiredAppRoles: {
      'defender-xdr': [
        'Incident.Read.All',
        'AdvancedHunting.Read.All',
        ...(writeRoles ? ['Incident.ReadWrite.All'] : []),
      ],
      graph: [
        'SecurityIncident.Read.All',
        'ThreatHunting.Read.All',
        ...(writeRoles ? ['SecurityIncident.ReadWrite.All'] : []),
      ],
    },
  });
  const api = addApplication(directory, {
    displayName: 'Northwind Defender Broker API',
    signInAudience: 'AzureADMyOrg',
    appIdUri: `api://${guidOf('application Northwind Defender Broker API')}`,
    appRoles: APP_ROLES.map((value) => ({ value, displayName: value })),
    requestedAccessTokenVersion: 2,
    optionalClaims: ['idtyp'],
  });
  addOperators(directory, api.clientId);
  const identity = addManagedIdentity(directory, { name: 'broker' });
  const toTool = (name: ToolName) =>
    addTool(directory, { name, api, roles: ROLES[name], secret: secrets[name] });
  const tools = { operator: toTool('operator'), playbook: toTool('playbook') };
  return { directory, client, clientSecret, identity, api, tools };
}

/** Registers an internal tool that holds app roles of the broker's API. */
export function addTool(
  directory: Directory,
  {
    name,
    api,
    roles,
    secret = createSecret(),
  }: {
    name: string;
    api: Application;
    roles: readonly AppRole[];
    secret?: string | undefined;
  },
): Tool {
  const { clientId } = addApplication(directory, {
    displayName: `Northwind ${name}`,
    signInAudience: 'AzureADMyOrg',
    secrets: [secret],
  });
  grantConsent(directory, {
    tenantId: directory.homeTenantId,
    clientId,
    roles: { [api.clientId]: roles },
  });
  return { clientId, secret };
}

/** People of the partner who sign in to the console, each with other app roles. */
export const OPERATORS: Readonly<Record<string, readonly AppRole[]>> = {
  Olivia: APP_ROLES,
  Rita: ['Tenants.Read', 'Incidents.Read'],
  Manuel: ['Tenants.Manage', 'Incidents.Read', 'Incidents.Write'],
  Audrey: ['Audit.Read', 'Tenants.Read'],
};

const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  Olivia: 'Olivia Operator (everything)',
  Rita: 'Rita Reader (reads customers and incidents)',
  Manuel: 'Manuel Manager (manages customers, changes incidents)',
  Audrey: 'Audrey Auditor (reads the audit)',
};

/** The object id of one of them. */
export function operatorIdOf(name: string): string {
  return guidOf(`operator ${name}`);
}

function addOperators(directory: Directory, apiClientId: string): void {
  const home = getTenant(directory, directory.homeTenantId);
  for (const [name, roles] of Object.entries(OPERATORS)) {
    home.users.push({
      oid: operatorIdOf(name),
      userPrincipalName: `${name.toLowerCase()}@northwind.example`,
      displayName: OPERATOR_NAMES[name] ?? name,
      roles: [],
      appRoles: { [apiClientId]: roles },
    });
  }
}

function createSecret(): string {
  return randomBytes(30).toString('base64url');
}
