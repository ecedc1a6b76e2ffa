import { mapResources, RESOURCE_NAMES, type RESOURCES, type ResourceName } from './resources.ts';

/**
 * Whether a permission can change something at the customer; `unknown`: the table does not have it.
 */
export type Effect = 'reads' | 'changes' | 'unknown';

/** An app role of the table: `resource:App.Role`, as in the setting REQUIRED_ROLES. */
export type PermissionKey = {
  [Name in ResourceName]: `${Name}:${keyof (typeof RESOURCES)[Name]['roles'] & string}`;
}[ResourceName];

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

const ROLES = mapResources(({ roles }) => new Map(Object.entries(roles)));

/** Looks an app role up. */
export function toPermission(resource: ResourceName, role: string): Permission {
  const entry = ROLES[resource].get(role);
  if (!entry) return { resource, role, key: undefined, effect: 'unknown', opensContent: true };
  const { effect, opensContent = false } = entry;
  return { resource, role, key: `${resource}:${role}` as PermissionKey, effect, opensContent };
}

/** Every permission of the table, in its order. */
export function listKnownPermissions(): readonly Permission[] {
  return RESOURCE_NAMES.flatMap((resource) =>
    [...ROLES[resource].keys()].map((role) => toPermission(resource, role)),
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
