import type { Alert, Device, Entity, Incident, IncidentStatus, Severity } from './incident.ts';
import { createRandom, type Random, toGuid } from './random.ts';
import { THREATS, type Threat } from './threats.ts';
import { toTimestamp } from './timestamp.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STATUSES: readonly IncidentStatus[] = [
  'Active',
  'Active',
  'Active',
  'InProgress',
  'Resolved',
];
const SEVERITIES: readonly Severity[] = ['Informational', 'Low', 'Medium', 'Medium', 'High'];
const PEOPLE = ['ana.ruiz', 'marco.conti', 'li.wei', 'sara.lindgren', 'omar.haddad'] as const;

/** Which incident to make up; `at` is its last update, in epoch milliseconds. */
interface IncidentSeed {
  readonly tenantId: string;
  readonly incidentId: number;
  readonly at: number;
}

/** Makes up a complete incident; the same seed makes the same incident. */
export function generateIncident({ tenantId, incidentId, at }: IncidentSeed): Incident {
  const random = createRandom(`${tenantId} ${incidentId}`);
  const threat = random.pick(THREATS);
  const status = random.pick(STATUSES);
  const severity = random.pick(SEVERITIES);
  const context = { tenantId, incidentId, at, random, threat, status, severity };
  const alerts = Array.from({ length: 1 + random.below(3) }, () => generateAlert(context));
  const resolved = status === 'Resolved';
  return {
    incidentId,
    redirectIncidentId: null,
    incidentName: `${threat.title} on ${alerts.length > 1 ? 'multiple endpoints' : 'one endpoint'}`,
    createdTime: generateTimestamp(random, at - random.below(20) * SECOND - SECOND),
    lastUpdateTime: generateTimestamp(random, at),
    assignedTo: status === 'Active' ? null : toUser(context),
    classification: resolved ? 'TruePositive' : 'Unknown',
    determination: resolved ? threat.determination : 'NotAvailable',
    detectionSource: threat.detectionSource,
    status,
    severity,
    tags: random.below(3) === 0 ? [random.pick(['VIP', 'Ransomware', 'Tier 1'])] : [],
    comments: [],
    alerts,
  };
}

/** A timestamp within the millisecond: whole seconds, milliseconds or 7 fractional digits. */
export function generateTimestamp(random: Random, at: number): string {
  return toTimestamp(at, random.below(2) === 0 ? 0 : random.below(10_000));
}

interface AlertContext extends IncidentSeed {
  readonly random: Random;
  readonly threat: Threat;
  readonly status: IncidentStatus;
  readonly severity: Severity;
}

function generateAlert(context: AlertContext): Alert {
  const { random, threat, at, status } = context;
  const resolved = status === 'Resolved';
  const device = generateDevice(context);
  return {
    alertId: `${threat.alertPrefix}${random.hex(18)}_${random.below(2_000_000_000)}`,
    incidentId: context.incidentId,
    serviceSource: threat.serviceSource,
    creationTime: generateTimestamp(random, at - 2 * MINUTE),
    // An alert may well be younger than its incident says it is itself.
    lastUpdatedTime: generateTimestamp(random, at + random.below(4) * 30 * SECOND),
    resolvedTime: resolved ? generateTimestamp(random, at) : null,
    firstActivity: generateTimestamp(random, at - (10 + random.below(120)) * MINUTE),
    lastActivity: generateTimestamp(random, at - 5 * MINUTE),
    title: threat.title,
    description: threat.description,
    category: threat.category,
    status: resolved ? 'Resolved' : 'New',
    severity: context.severity,
    investigationId: random.below(2) === 0 ? null : random.below(90_000),
    investigationState: random.pick(threat.investigationStates),
    classification: resolved ? 'TruePositive' : null,
    determination: resolved ? threat.determination : null,
    detectionSource: threat.detectionSource,
    assignedTo: null,
    actorName: null,
    threatFamilyName: threat.threatFamilyName,
    mitreTechniques: threat.mitreTechniques,
    devices: [device],
    entities: threat.entityTypes.map((type) => generateEntity(type, context, device)),
  };
}

function generateDevice({ random, tenantId, at }: AlertContext): Device {
  return {
    mdatpDeviceId: random.hex(40),
    aadDeviceId: random.below(3) === 0 ? null : toGuid(random),
    deviceDnsName: `${random.pick(['fin', 'hr', 'dev', 'srv'])}-${random.hex(4)}.${toDomain(tenantId)}`,
    osPlatform: random.pick(['Windows11', 'WindowsServer2022', 'macOS', 'Linux']),
    version: random.pick(['24H2', '21H2', 'Other']),
    osProcessor: 'x64',
    osBuild: random.pick([26100, 20348, 22631]),
    healthStatus: random.pick(['Active', 'Inactive', 'NoSensorData']),
    riskScore: random.pick(['None', 'Low', 'Medium', 'High']),
    rbacGroupName: 'UnassignedGroup',
    rbacGroupId: 0,
    firstSeen: generateTimestamp(random, at - (1 + random.below(300)) * 1440 * MINUTE),
  };
}

function generateEntity(entityType: string, context: AlertContext, device: Device): Entity {
  const { random } = context;
  const upn = toUser(context);
  const file = { fileName: 'invoice.exe', filePath: 'C:\\Users\\Public\\Downloads' };
  const hashes = { sha1: random.hex(40), sha256: random.hex(64) };
  const user = { accountName: upn.split('@')[0] ?? upn, userPrincipalName: upn };
  const fields: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
    User: { ...user, domainName: 'CORP', aadUserId: toGuid(random) },
    Ip: { ipAddress: `203.0.113.${random.below(256)}` },
    Url: { url: `https://login-${random.hex(6)}.example/verify` },
    File: { ...file, ...hashes, deviceId: device.mdatpDeviceId },
    Process: { ...file, ...hashes, ...user, processId: random.below(65_000), parentProcessId: 4 },
    MailBox: { mailboxAddress: upn, mailboxDisplayName: upn, userPrincipalName: upn },
    MailMessage: { sender: 'billing@supplier.example', recipient: upn, subject: 'Overdue invoice' },
  };
  return { entityType, ...fields[entityType] };
}

function toUser({ random, tenantId }: AlertContext): string {
  return `${random.pick(PEOPLE)}@${toDomain(tenantId)}`;
}

function toDomain(tenantId: string): string {
  return `customer-${tenantId.slice(0, 8)}.example`;
}
