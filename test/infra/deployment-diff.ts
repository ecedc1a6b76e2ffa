import { createHash } from 'node:crypto';
import type { PredictedResource } from './bicep-server.ts';
import { readJson } from './project.ts';

/** What a deployment makes: bodies by type and name. */
type Deployment = Readonly<Record<string, unknown>>;

const ROLES: Readonly<Record<string, string>> = await readJson('infra/roles.json');
const ROLE_NAMES = new Map(Object.entries(ROLES).map(([name, id]) => [id, name]));

/**
 * Longer texts, such as the workbook, are in files of their own: only that they changed is shown.
 */
const MAX_TEXT_LENGTH = 2000;

/**
 * The resources by type and name; computed parts of names are `{token}`, the resource group's id
 * `{group}`.
 */
export function toDeployment(resources: readonly PredictedResource[]): Deployment {
  const token = findToken(resources);
  const shortened = resources.map((resource) => shorten(resource, token));
  const entries = shortened.map((resource) => {
    const { id: _, type, name, ...body } = resource;
    const isRight = type === 'Microsoft.Authorization/roleAssignments';
    return [
      `${type} ${isRight ? toRightName(resource) : (name ?? toGraphName(body))}`,
      body,
    ] as const;
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The part of the names that is computed from subscription, environment and region. */
function findToken(resources: readonly PredictedResource[]): string {
  const vault = resources.find(({ type }) => type === 'Microsoft.KeyVault/vaults');
  return vault?.name?.replace('kv-', '') ?? '';
}

/**
 * What differs: resources that only one of the two has, and values by their paths, before and
 * after.
 */
export function diffDeployments(base: Deployment, other: Deployment) {
  const shared = Object.keys(base).filter((key) => key in other);
  const changed = shared.flatMap((key) => {
    const values = diffValues(base[key], other[key]);
    return Object.keys(values).length > 0 ? [[key, values] as const] : [];
  });
  return {
    off: Object.keys(base).filter((key) => !(key in other)),
    added: Object.fromEntries(Object.entries(other).filter(([key]) => !(key in base))),
    changed: Object.fromEntries(changed),
  };
}

/** Which role on what for whom: the assignment's own name is a hash of these. */
function toRightName({ id, name, properties }: PredictedResource): string {
  const { roleDefinitionId, principalId } = Object(properties);
  const role = ROLE_NAMES.get(String(roleDefinitionId).replace(/.*\//, ''));
  // While the principal is not known, the name is the expression of that hash, which begins with
  // the scope.
  const [, scope] =
    /([^/]+)(?:\/providers\/Microsoft.Authorization\/|', reference)/.exec(`${id} ${name}`) ?? [];
  const [, identity] = /userAssignedIdentities\/([^']+)/.exec(principalId) ?? [];
  return `${role} on ${scope} for ${identity ?? principalId}`;
}

/** Resources of the directory have no name in a prediction; their keys are in their bodies. */
function toGraphName(body: Readonly<Record<string, unknown>>): string {
  const { uniqueName, name, appId, principalId, appRoleId } = Object(body.properties ?? body);
  return String(uniqueName ?? name ?? appId ?? `${principalId} ${appRoleId}`);
}

function shorten(resource: PredictedResource, token: string): PredictedResource {
  const text = JSON.stringify(resource, (_, value) => {
    if (typeof value !== 'string' || value.length <= MAX_TEXT_LENGTH) return value;
    return `sha256:${createHash('sha256').update(value).digest('hex')}`;
  });
  const group = /\/subscriptions\/[\w-]+\/resourceGroups\/[\w-]+(?=\/)/g;
  return JSON.parse(text.replaceAll(token, '{token}').replaceAll(group, '{group}'));
}

function diffValues(before: unknown, after: unknown): Record<string, readonly unknown[]> {
  const [from, to] = [flatten(before), flatten(after)];
  const paths = [...new Set([...from.keys(), ...to.keys()])];
  const differing = paths.filter((path) => from.get(path) !== to.get(path));
  return Object.fromEntries(differing.map((path) => [path, [from.get(path), to.get(path)]]));
}

/** Every leaf by its path; app settings by their names, whatever their order. */
function flatten(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = Array.isArray(value) && typeof inner?.name === 'string' ? inner.name : key;
    return [...flatten(inner, path === '' ? name : `${path}.${name}`)];
  });
  return entries.length === 0 ? new Map([[path, JSON.stringify(value)]]) : new Map(entries.flat());
}
