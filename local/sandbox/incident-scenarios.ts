import { EVENTS } from './incident-life.ts';
import type { Scenario } from './scenario.ts';

function toScenario(name: keyof typeof EVENTS, description: string): Scenario {
  return {
    description,
    perTenant: true,
    apply: ({ microsoft }, { tenantId }) => EVENTS[name](microsoft.incidents, tenantId),
  };
}

/** The switches of customers' incidents. */
export const INCIDENT_SCENARIOS: Readonly<Record<string, Scenario>> = {
  incident: toScenario('incident', 'Defender raises an incident.'),
  update: toScenario('update', 'An analyst takes an incident on and comments it.'),
  merge: toScenario('merge', 'Defender merges an incident into another.'),
  'late-index': toScenario(
    'late-index',
    'Defender raises an incident that lists show only a minute later.',
  ),
  burst: toScenario('burst', 'Defender raises twenty incidents.'),
  'stop-incidents': {
    description: 'No incidents come by themselves any more.',
    perTenant: false,
    apply: ({ life }) => life.stop(),
  },
  'start-incidents': {
    description: 'Every few seconds something happens to some incident again.',
    perTenant: false,
    apply: ({ life }) => life.start(),
  },
};
