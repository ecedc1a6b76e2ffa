/**
 * An API that tokens can be asked for; `identifiers` are its App ID URIs without a trailing slash.
 */
export interface ResourceApi {
  /** The well-known name, or the client id of the application that exposes the API. */
  readonly key: string;
  readonly appId: string;
  readonly displayName: string;
  readonly identifiers: readonly string[];
  readonly appRoles: readonly AppRole[];
  readonly accessTokenVersion: 1 | 2;
  /** Whether its app-only tokens carry `idtyp`. */
  readonly emitsIdtyp: boolean;
}

/** A permission that an API offers to applications, with the words of the consent page. */
export interface AppRole {
  readonly value: string;
  readonly displayName: string;
}

/** The Microsoft APIs that can be provisioned in a tenant. */
export type ResourceName = 'defender-xdr' | 'defender-endpoint' | 'graph';

/** Microsoft APIs by name, with the app ids, App ID URIs and app roles that Microsoft publishes. */
export const microsoftApis: Readonly<Record<ResourceName, ResourceApi>> = {
  'defender-xdr': {
    key: 'defender-xdr',
    appId: '8ee8fdad-f234-4243-8f3b-15c294843740',
    displayName: 'Microsoft Threat Protection',
    identifiers: ['https://api.security.microsoft.com'],
    appRoles: [
      { value: 'Incident.Read.All', displayName: 'Read all incidents' },
      { value: 'Incident.ReadWrite.All', displayName: 'Read and write to all incidents' },
      { value: 'AdvancedHunting.Read.All', displayName: 'Run advanced hunting queries' },
      { value: 'CustomDetections.ReadWrite.All', displayName: 'Read and write custom detections' },
    ],
    accessTokenVersion: 1,
    emitsIdtyp: true,
  },
  'defender-endpoint': {
    key: 'defender-endpoint',
    appId: 'fc780465-2017-40d4-a0c5-307022471b92',
    displayName: 'WindowsDefenderATP',
    identifiers: [
      'https://api.securitycenter.microsoft.com',
      'https://api.securitycenter.windows.com',
      'https://securitycenter.onmicrosoft.com/windowsatpservice',
    ],
    appRoles: [
      { value: 'Machine.Read.All', displayName: 'Read all machine profiles' },
      { value: 'Machine.ReadWrite.All', displayName: 'Read and write all machine information' },
      { value: 'Machine.Isolate', displayName: 'Isolate machine' },
      { value: 'Machine.RestrictExecution', displayName: 'Restrict code execution' },
      { value: 'Machine.Scan', displayName: 'Scan machine' },
      { value: 'Machine.StopAndQuarantine', displayName: 'Stop and quarantine file' },
      { value: 'Machine.CollectForensics', displayName: 'Collect forensics' },
      { value: 'Machine.LiveResponse', displayName: 'Run live response on a machine' },
      { value: 'Machine.Offboard', displayName: 'Offboard machine' },
      { value: 'Alert.Read.All', displayName: 'Read all alerts' },
      { value: 'Alert.ReadWrite.All', displayName: 'Read and write all alerts' },
      { value: 'AdvancedQuery.Read.All', displayName: 'Run advanced queries' },
    ],
    accessTokenVersion: 1,
    emitsIdtyp: true,
  },
  graph: {
    key: 'graph',
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    identifiers: ['https://graph.microsoft.com'],
    appRoles: [
      { value: 'SecurityIncident.Read.All', displayName: 'Read all security incidents' },
      { value: 'SecurityIncident.ReadWrite.All', displayName: 'Read and write all incidents' },
      { value: 'SecurityAlert.Read.All', displayName: 'Read all security alerts' },
      { value: 'SecurityAlert.ReadWrite.All', displayName: 'Read and write all security alerts' },
      { value: 'ThreatHunting.Read.All', displayName: 'Run hunting queries' },
      { value: 'SecurityEvents.Read.All', displayName: 'Read all security events' },
    ],
    accessTokenVersion: 1,
    emitsIdtyp: true,
  },
};

/** The APIs that a tenant has unless its licences say otherwise. */
export const microsoftApiNames = Object.keys(microsoftApis) as readonly ResourceName[];
