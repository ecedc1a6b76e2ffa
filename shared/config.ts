import type { Cloud } from './resources/cloud.ts';
import type { IncidentSourceName } from './resources/incident-sources.ts';
import type { ResourceName } from './resources/resources.ts';

/** How the client may prove itself to Entra. */
export const CLIENT_CREDENTIALS = ['secret', 'certificate', 'managed-identity'] as const;

/** How the client proves itself to Entra. */
export type ClientCredentialKind = (typeof CLIENT_CREDENTIALS)[number];

/**
 * Where tables, queues and blobs are: a connection string, or endpoints used with the managed
 * identity.
 */
export type StorageConfig =
  | { readonly connectionString: string }
  | {
      readonly tableServiceUri: string;
      readonly queueServiceUri: string;
      readonly blobServiceUri: string;
      readonly clientId: string | undefined;
    };

/** Where the platform issues tokens for the app's own identity. */
export interface IdentityEndpoint {
  readonly url: string;
  /** A secret of the process, which proves that the app itself asks. */
  readonly header: string;
}

/** The app roles that a customer has to grant, per resource. */
export type RequiredRoles = ReadonlyMap<ResourceName, readonly string[]>;

/**
 * Who asks customers' admins for their consent, as the consent pages show it; what is not set is
 * not shown.
 */
export interface PartnerConfig {
  readonly name: string | undefined;
  /** An e-mail address, a phone number or the URL of a page. */
  readonly contact: string | undefined;
  readonly privacyUrl: string | undefined;
  /** The name of the app registration, as Microsoft's consent page shows it. */
  readonly appName: string | undefined;
}

/** Every setting, typed; design and defaults are in `local.settings.sample.json`. */
export interface Config {
  readonly storage: StorageConfig;
  readonly partnerTenantId: string;
  readonly clientId: string;
  /** Without a trailing slash. */
  readonly publicBaseUrl: string;
  readonly apiAudience: string;
  /** People may call the API with the Azure CLI's token. */
  readonly allowAzureCli: boolean;
  /** Clients of AI agents through which people may call the API. */
  readonly agentClientIds: readonly string[];
  readonly keyVaultUrl: string;
  readonly clientCredential: ClientCredentialKind;
  readonly clientSecretName: string;
  readonly clientCertificateName: string;
  readonly tokenKeyName: string;
  readonly receiptKeyName: string;
  readonly managedIdentityClientId: string | undefined;
  /** Of App Service and Functions; `undefined`: the SDK finds out how this machine does it. */
  readonly identityEndpoint: IdentityEndpoint | undefined;
  readonly cloud: Cloud;
  /** The Defender portal of the cloud. */
  readonly portalUrl: string;
  /** Entra's origin, without a trailing slash. */
  readonly authority: string;
  /** Where the customers' APIs are, without a trailing slash. */
  readonly apiUrls: Readonly<Record<ResourceName, string>>;
  readonly requiredRoles: RequiredRoles;
  /** What the registration asks for besides; a tenant is active without them. */
  readonly optionalRoles: RequiredRoles;
  readonly partner: PartnerConfig;
  readonly incidentSource: IncidentSourceName;
  readonly auditRetentionDays: number;
  readonly incidentSyncIntervalMs: number;
  readonly incidentBackfillDays: number;
  readonly incidentRetentionDays: number;
  readonly hunting: HuntingConfig;
  /** The OpenTelemetry collector, without a trailing slash; `undefined`: OpenTelemetry is off. */
  readonly otlpEndpoint: string | undefined;
}

/** How hunts are run, and how long they are kept. */
export interface HuntingConfig {
  /** Customers that all hunts together ask at the same time. */
  readonly concurrency: number;
  readonly retentionDays: number;
}

/**
 * A configuration that can't work: every problem at once, by setting name and without any value.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`${problems.length} setting(s) need attention: ${problems.join(' ')}`);
    this.problems = problems;
  }
}
