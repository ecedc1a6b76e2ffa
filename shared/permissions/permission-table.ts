import { RESOURCE_NAMES, type ResourceName } from '../tokens/resource.ts';

/**
 * Whether a permission can change something at the customer; `unknown`: the table does not have it.
 */
export type Effect = 'reads' | 'changes' | 'unknown';

/** What the table says of an app role. */
interface Entry {
  readonly effect: Exclude<Effect, 'unknown'>;
  /** It gives access to the content of e-mails, chats or documents, not only to data about them. */
  readonly opensContent?: true;
}

const reads: Entry = { effect: 'reads' };
const changes: Entry = { effect: 'changes' };

/**
 * Every app role that customers' admins are told about ("Create an app with partner access to
 * Microsoft 365 Defender APIs", "Supported Microsoft Defender for Endpoint APIs", "Microsoft Graph
 * permissions reference"). The consent pages, and docs/onboarding.md describe
 * permissions from this table and from nothing else.
 */
const TABLE = {
  'defender-xdr': {
    'Incident.Read.All': reads,
    'Incident.ReadWrite.All': changes,
    'AdvancedHunting.Read.All': reads,
    'CustomDetections.ReadWrite.All': changes,
  },
  'defender-endpoint': {
    'Machine.Read.All': reads,
    'Machine.ReadWrite.All': changes,
    'Machine.Isolate': changes,
    'Machine.RestrictExecution': changes,
    'Machine.Scan': changes,
    'Machine.StopAndQuarantine': changes,
    'Machine.CollectForensics': changes,
    'Machine.LiveResponse': { effect: 'changes', opensContent: true },
    'Machine.Offboard': changes,
    'Alert.Read.All': reads,
    'Alert.ReadWrite.All': changes,
    'AdvancedQuery.Read.All': reads,
  },
  graph: {
    'SecurityIncident.Read.All': reads,
    'SecurityIncident.ReadWrite.All': changes,
    'SecurityAlert.Read.All': reads,
    'SecurityAlert.ReadWrite.All': changes,
    'ThreatHunting.Read.All': reads,
    'SecurityEvents.Read.All': reads,
  },
} as const satisfies Record<ResourceName, Record<string, Entry>>;

type Table = typeof TABLE;

/** An app role of the table: `resource:App.Role`, as in the setting REQUIRED_ROLES. */
export type PermissionKey = {
  [Resource in ResourceName]: `${Resource}:${keyof Table[Resource] & string}`;
}[ResourceName];

/** What each permission of the table allows, in plain words of one language. */
export type PermissionMeanings = Readonly<Record<PermissionKey, string>>;

/** An app role with what can be told about it. */
export interface Permission {
  readonly resource: ResourceName;
  readonly role: string;
  /** `undefined`: the table does not have it, so it is shown by its own name. */
  readonly key: PermissionKey | undefined;
  readonly effect: Effect;
  /** An unknown permission may do anything. */
  readonly opensContent: boolean;
}

/** The APIs as Microsoft's consent page names them; their names are the same in every language. */
export const API_NAMES: Readonly<Record<ResourceName, string>> = {
  'defender-xdr': 'Microsoft Threat Protection',
  'defender-endpoint': 'WindowsDefenderATP',
  graph: 'Microsoft Graph',
};

/** Looks an app role up. */
export function toPermission(resource: ResourceName, role: string): Permission {
  const entry = new Map<string, Entry>(Object.entries(TABLE[resource])).get(role);
  if (!entry) return { resource, role, key: undefined, effect: 'unknown', opensContent: true };
  const { effect, opensContent = false } = entry;
  return { resource, role, key: `${resource}:${role}` as PermissionKey, effect, opensContent };
}

/** Every permission of the table, in its order. */
export function listKnownPermissions(): readonly Permission[] {
  return RESOURCE_NAMES.flatMap((resource) =>
    Object.keys(TABLE[resource]).map((role) => toPermission(resource, role)),
  );
}

/** App roles by API, as settings and registrations have them, without repetition. */
export function listPermissions(
  ...sets: readonly ReadonlyMap<ResourceName, readonly string[]>[]
): readonly Permission[] {
  return RESOURCE_NAMES.flatMap((resource) => {
    const roles = new Set(sets.flatMap((set) => set.get(resource) ?? []));
    return [...roles].map((role) => toPermission(resource, role));
  });
}
