import { BrokerError } from '../errors.ts';

/** The APIs that tokens are brokered for. */
export const RESOURCE_NAMES = ['defender-xdr', 'defender-endpoint', 'graph'] as const;

/** The short name of an API that a token is for. */
export type ResourceName = (typeof RESOURCE_NAMES)[number];

/** The national clouds in which Defender's APIs are offered. */
export const CLOUDS = ['global', 'gcc', 'gcc-high', 'dod'] as const;

/** A national cloud; each needs an app registration of its own. */
export type Cloud = (typeof CLOUDS)[number];

const PORTALS: Readonly<Record<Cloud, string>> = {
  global: 'https://security.microsoft.com',
  gcc: 'https://security.microsoft.com',
  'gcc-high': 'https://security.microsoft.us',
  dod: 'https://security.apps.mil',
};

/** Where people see incidents: the Microsoft Defender portal of a cloud. */
export function toPortalUrl(cloud: Cloud): string {
  return PORTALS[cloud];
}

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

const APP_IDS = {
  'defender-xdr': '8ee8fdad-f234-4243-8f3b-15c294843740',
  'defender-endpoint': 'fc780465-2017-40d4-a0c5-307022471b92',
  graph: '00000003-0000-0000-c000-000000000000',
} as const;

/**
 * `windowsatpservice` and the securitycenter hosts name Defender for Endpoint; older samples use
 * them for incidents too, which Defender XDR refuses ("Create an app with partner access",
 * Microsoft Learn).
 */
const ENDPOINT_ALIASES = [
  'https://api.securitycenter.windows.com',
  'https://securitycenter.onmicrosoft.com/windowsatpservice',
];

const IDENTIFIERS: Readonly<Record<Cloud, Readonly<Record<ResourceName, string>>>> = {
  global: {
    'defender-xdr': 'https://api.security.microsoft.com',
    'defender-endpoint': 'https://api.securitycenter.microsoft.com',
    graph: 'https://graph.microsoft.com',
  },
  gcc: {
    'defender-xdr': 'https://api-gcc.security.microsoft.us',
    'defender-endpoint': 'https://api-gcc.securitycenter.microsoft.us',
    graph: 'https://graph.microsoft.com',
  },
  'gcc-high': {
    'defender-xdr': 'https://api-gov.security.microsoft.us',
    'defender-endpoint': 'https://api-gov.securitycenter.microsoft.us',
    graph: 'https://graph.microsoft.us',
  },
  dod: {
    'defender-xdr': 'https://api-gov.security.microsoft.us',
    'defender-endpoint': 'https://api-gov.securitycenter.microsoft.us',
    graph: 'https://dod-graph.microsoft.us',
  },
};

/** The APIs of a cloud with their identifiers. */
export function createResources(cloud: Cloud): Resources {
  const resource = (name: ResourceName): Resource => ({
    name,
    identifier: IDENTIFIERS[cloud][name],
    appId: APP_IDS[name],
    aliases: name === 'defender-endpoint' ? ENDPOINT_ALIASES : [],
  });
  return {
    'defender-xdr': resource('defender-xdr'),
    'defender-endpoint': resource('defender-endpoint'),
    graph: resource('graph'),
  };
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
