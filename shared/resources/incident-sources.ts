import { RESOURCE_NAMES, RESOURCES, type ResourceName } from './resources.ts';

/** The name of an API that incidents are read from; also the resource that its tokens are for. */
export type IncidentSourceName = {
  [Name in ResourceName]: (typeof RESOURCES)[Name] extends { incidents: object } ? Name : never;
}[ResourceName];

/** The APIs that incidents are read from. */
export const INCIDENT_SOURCES: readonly IncidentSourceName[] =
  RESOURCE_NAMES.filter(isIncidentSource);

/** Where nobody has chosen one. */
export const DEFAULT_SOURCE = 'defender-xdr' satisfies IncidentSourceName;

/** Whether incidents are read from the API. */
export function isIncidentSource(name: ResourceName): name is IncidentSourceName {
  return 'incidents' in RESOURCES[name];
}
