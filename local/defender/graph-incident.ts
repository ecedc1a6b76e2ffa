import type { Alert, Incident, IncidentComment, IncidentStatus } from './incident.ts';

/** An incident as Graph shows it ("incident resource type", `microsoft.graph.security`). */
export type GraphIncident = {
  readonly id: string;
  readonly createdDateTime: string;
  readonly lastUpdateDateTime: string;
  readonly status: string;
  readonly [field: string]: unknown;
};

/** How to show it; `unknownMembers` is `Prefer: include-unknown-enum-members`. */
interface GraphView {
  readonly tenantId: string;
  readonly alerts: boolean;
  readonly unknownMembers: boolean;
}

// Names that are not the same word with a small first letter.
const RENAMED: Readonly<Record<string, string>> = {
  UnSpecified: 'unknown',
  NotAvailable: 'unknown',
  CompromisedAccount: 'compromisedUser',
  NoEnoughDataToValidate: 'insufficientData',
  MicrosoftDefenderATP: 'microsoftDefenderForEndpoint',
  OfficeATP: 'microsoftDefenderForOffice365',
  MicrosoftCloudAppSecurity: 'microsoftDefenderForCloudApps',
};

/** Translates the stored shape, which is the Defender XDR API's, to Graph's. */
export function toGraphIncident(incident: Incident, view: GraphView): GraphIncident {
  const id = String(incident.incidentId);
  return {
    id,
    tenantId: view.tenantId,
    status: toStatus(incident.status, view),
    incidentWebUrl: `https://security.microsoft.com/incidents/${id}?tid=${view.tenantId}`,
    redirectIncidentId:
      incident.redirectIncidentId === null ? null : String(incident.redirectIncidentId),
    displayName: incident.incidentName,
    createdDateTime: incident.createdTime,
    lastUpdateDateTime: incident.lastUpdateTime,
    assignedTo: incident.assignedTo,
    classification: toMember(incident.classification),
    determination: toMember(incident.determination),
    severity: toMember(incident.severity),
    customTags: incident.tags,
    systemTags: [],
    description: null,
    summary: null,
    resolvingComment: null,
    lastModifiedBy: 'API-SYSTEM',
    priorityScore: null,
    comments: incident.comments.map(toGraphComment),
    ...(view.alerts ? { alerts: incident.alerts.map((alert) => toGraphAlert(alert, view)) } : {}),
  };
}

/** Translates a comment (`microsoft.graph.security.alertComment`). */
export function toGraphComment({ comment, createdBy, createdTime }: IncidentComment) {
  return { comment, createdByDisplayName: createdBy, createdDateTime: createdTime };
}

/** The stored name of a member; `undefined` when Graph has no such member. */
export function findName(member: string): string | undefined {
  const [renamed] = Object.entries(RENAMED).find(([, name]) => name === member) ?? [];
  const name = renamed ?? `${member.slice(0, 1).toUpperCase()}${member.slice(1)}`;
  return toMember(name) === member ? name : undefined;
}

function toGraphAlert(alert: Alert, { tenantId }: GraphView) {
  return {
    id: alert.alertId,
    tenantId,
    incidentId: String(alert.incidentId),
    createdDateTime: alert.creationTime,
    lastUpdateDateTime: alert.lastUpdatedTime,
    resolvedDateTime: alert.resolvedTime,
    firstActivityDateTime: alert.firstActivity,
    lastActivityDateTime: alert.lastActivity,
    title: alert.title,
    description: alert.description,
    category: alert.category,
    status: toMember(alert.status),
    severity: toMember(alert.severity),
    serviceSource: toMember(alert.serviceSource),
    mitreTechniques: alert.mitreTechniques,
    evidence: alert.devices.map((device) => ({
      '@odata.type': '#microsoft.graph.security.deviceEvidence',
      mdeDeviceId: device.mdatpDeviceId,
      azureAdDeviceId: device.aadDeviceId,
      deviceDnsName: device.deviceDnsName,
      osPlatform: device.osPlatform,
    })),
  };
}

function toStatus(status: IncidentStatus, { unknownMembers }: GraphView): string {
  if (status === 'AwaitingAction' && !unknownMembers) return 'unknownFutureValue';
  return toMember(status);
}

function toMember(name: string): string {
  return RENAMED[name] ?? `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}
