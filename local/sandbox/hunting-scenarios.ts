import { HUNTING_FAULTS } from '../defender/hunting/hunting-faults.ts';
import type { Scenario } from './scenario.ts';

const SLOW_MS = 20_000;

/** More rows than Microsoft answers at once. */
const MANY_ROWS = 250_000;

function toFault(name: keyof typeof HUNTING_FAULTS, description: string, times?: number): Scenario {
  return {
    description,
    perTenant: true,
    apply: ({ microsoft }, { tenantId }) =>
      microsoft.hunting.faults.inject({
        ...HUNTING_FAULTS[name],
        tenantId,
        ...(times !== undefined && { times }),
      }),
  };
}

/** The switches of hunting. */
export const HUNTING_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'hunt-cpu': toFault('cpu', "The customer's share of the hunting processors is used up."),
  'hunt-throttled': toFault('calls', 'Graph answers 429 without Retry-After to every query.'),
  'hunt-preempted': toFault('preempted', 'Microsoft pre-empts the next two queries.', 2),
  'hunt-html': toFault('html', "Graph's front answers 502 with HTML to the next two queries.", 2),
  'hunt-dead': toFault('bareError', 'Graph answers 500 to every query.'),
  'hunt-slow': {
    description: `Each query takes ${SLOW_MS / 1000} s.`,
    perTenant: true,
    apply: ({ microsoft }, { tenantId }) =>
      microsoft.hunting.faults.inject({ kind: 'slow', delay: SLOW_MS, tenantId }),
  },
  'hunt-large': {
    description: `DeviceProcessEvents has ${MANY_ROWS} rows.`,
    perTenant: true,
    apply: ({ microsoft }, { tenantId }) =>
      microsoft.hunting.tables.setRows(tenantId, 'DeviceProcessEvents', MANY_ROWS),
  },
  'hunt-unlicensed': {
    description: 'The customer has no EmailEvents.',
    perTenant: true,
    apply: ({ microsoft }, { tenantId }) =>
      microsoft.hunting.tables.withdraw(tenantId, 'EmailEvents'),
  },
};
