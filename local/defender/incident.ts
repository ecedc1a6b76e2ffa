// Type aliases, not interfaces: they are records that a filter can look into by name.

/**
 * An incident of Microsoft Defender XDR in the shape of `/api/incidents` ("List incidents API").
 */
export type Incident = {
  readonly incidentId: number;
  readonly redirectIncidentId: number | null;
  readonly incidentName: string;
  readonly createdTime: string;
  readonly lastUpdateTime: string;
  readonly assignedTo: string | null;
  readonly classification: string;
  readonly determination: string;
  readonly detectionSource: string;
  readonly status: IncidentStatus;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly comments: readonly IncidentComment[];
  readonly alerts: readonly Alert[];
};

/** `AwaitingAction` is known to Graph only. */
export type IncidentStatus = 'Active' | 'InProgress' | 'Resolved' | 'Redirected' | 'AwaitingAction';

export type Severity = 'UnSpecified' | 'Informational' | 'Low' | 'Medium' | 'High';

/** A comment, oldest first in its incident. */
export type IncidentComment = {
  readonly comment: string;
  readonly createdBy: string;
  readonly createdTime: string;
};

/** An alert inside an incident. */
export type Alert = {
  readonly alertId: string;
  readonly incidentId: number;
  readonly serviceSource: string;
  readonly creationTime: string;
  readonly lastUpdatedTime: string;
  readonly resolvedTime: string | null;
  readonly firstActivity: string;
  readonly lastActivity: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly status: string;
  readonly severity: Severity;
  readonly investigationId: number | null;
  readonly investigationState: string;
  readonly classification: string | null;
  readonly determination: string | null;
  readonly detectionSource: string;
  readonly assignedTo: string | null;
  readonly actorName: string | null;
  readonly threatFamilyName: string | null;
  readonly mitreTechniques: readonly string[];
  readonly devices: readonly Device[];
  readonly entities: readonly Entity[];
};

/** A device that an alert names. */
export type Device = {
  readonly mdatpDeviceId: string;
  readonly aadDeviceId: string | null;
  readonly deviceDnsName: string;
  readonly osPlatform: string;
  readonly version: string;
  readonly osProcessor: string;
  readonly osBuild: number;
  readonly healthStatus: string;
  readonly riskScore: string;
  readonly rbacGroupName: string;
  readonly rbacGroupId: number;
  readonly firstSeen: string;
};

/** Evidence of an alert: a type and the fields that this type has, the others absent or null. */
export type Entity = {
  readonly entityType: string;
  readonly [field: string]: string | number | null;
};

/** What an analyst or the service may change in an incident. */
export type IncidentChange = Partial<Omit<Incident, 'incidentId' | 'createdTime' | 'comments'>>;
