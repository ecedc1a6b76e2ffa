import { BrokerError } from '../errors.ts';
import type { Cloud } from './cloud.ts';
import { mapResources, RESOURCE_NAMES, type ResourceName } from './resources.ts';

/** An API as Entra knows it. */
export interface Resource {
  readonly name: ResourceName;
  /** App ID URI, asked for with `/.default` appended. */
  readonly identifier: string;
  /** The service's application id: the audience of v2 tokens. */
  readonly appId: string;
  /** Other names of the same API, accepted from callers and as audience. */
  readonly aliases: readonly string[];
}

/** The APIs of one cloud, by short name. */
export type Resources = Readonly<Record<ResourceName, Resource>>;

/** The APIs of a cloud with their identifiers. */
export function createResources(cloud: Cloud): Resources {
  return mapResources(({ identifiers, appId, aliases }, name) => ({
    name,
    identifier: identifiers[cloud],
    appId,
    aliases,
  }));
}

/**
 * Whether a token's audience names the resource: its app id or an App ID URI, with or without a
 * trailing slash.
 */
export function isAudienceOf({ identifier, appId, aliases }: Resource, audience: string): boolean {
  const bare = audience.toLowerCase().replace(/\/$/, '');
  return [identifier, appId, ...aliases].includes(bare);
}

/**
 * What turns a caller's `resource` (RFC 8707) or scope into a short name; throws `invalid_target`.
 */
export function createResourceParser(resources: Resources): (value: string) => ResourceName {
  const byName = new Map(
    RESOURCE_NAMES.flatMap((name) =>
      namesOf(resources[name]).map((alias) => [alias, name] as const),
    ),
  );
  return (value) => {
    const name = byName.get(toBareName(value));
    if (name) return name;
    throw new BrokerError('invalid_target', 'The parameter resource names no API of this broker.', {
      owner: 'caller',
      remedy: `Use one of ${RESOURCE_NAMES.join(', ')}.`,
    });
  };
}

function namesOf({ name, identifier, appId, aliases }: Resource): readonly string[] {
  return [name, identifier, appId, ...aliases].map(toBareName);
}

function toBareName(value: string): string {
  return value
    .toLowerCase()
    .replace(/\/\.default$/, '')
    .replace(/\/$/, '');
}
