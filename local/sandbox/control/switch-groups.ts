import { HUNTING_SCENARIOS } from '../hunting-scenarios.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios.ts';

/** Switches that belong together. */
export interface SwitchGroup {
  readonly title: string;
  readonly switches: readonly (readonly [name: string, scenario: Scenario])[];
}

const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  [
    'Consent and roles',
    ['revoke-consent', 'grant-consent', 'drop-role', 'lag-roles', 'disable-app', 'enable-app'],
  ],
  ['Incidents', ['incident', 'update', 'merge', 'late-index', 'burst']],
  ['Hunting', Object.keys(HUNTING_SCENARIOS)],
  ['Answers and tokens', ['throttle', 'short-tokens', 'usual-tokens']],
  ['Entra', ['outage', 'slow', 'rotate-signing-keys', 'calm']],
  ['Client secret', ['rotate-secret', 'wrong-secret', 'expire-secret']],
  [
    'Client certificate and identity',
    [
      'rotate-certificate',
      'rotate-certificate-to-pfx',
      'unreadable-certificate',
      'expire-certificate',
      'break-federation',
    ],
  ],
  ['Key that seals tokens', ['rotate-token-key']],
  ['What happens by itself', ['start-incidents', 'stop-incidents']],
];

/**
 * All switches of one kind, for one customer or for all, in groups; those without a group come
 * last.
 */
export function groupSwitches(perTenant: boolean): readonly SwitchGroup[] {
  const grouped = new Set(GROUPS.flatMap(([, names]) => names));
  const others = Object.keys(SCENARIOS).filter((name) => !grouped.has(name));
  return [...GROUPS, ['More', others] as const]
    .map(([title, names]) => ({ title, switches: names.flatMap((name) => find(name, perTenant)) }))
    .filter(({ switches }) => switches.length > 0);
}

function find(name: string, perTenant: boolean): readonly (readonly [string, Scenario])[] {
  const scenario = SCENARIOS[name];
  return scenario?.perTenant === perTenant ? [[name, scenario]] : [];
}
