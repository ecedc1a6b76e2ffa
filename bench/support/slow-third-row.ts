import type { Row } from '../report/row.ts';
import type { FleetRuns } from './simulated-fleet.ts';

/** "Does not slow the rest": the third that fails does less, too. */
const UNDISTURBED = 1.2;

/** Until the healthy two thirds are done, in the run in which the others begin to fail slowly. */
export function toSlowThirdRow(what: string, { calm, begins }: FleetRuns): Row {
  return {
    what: `healthy two thirds of ${what}: the run in which it begins, simulated`,
    measured: { value: begins.healthy, unit: 's' },
    against: { name: 'nothing fails', value: calm.healthy, unit: 's' },
    ratio: begins.healthy / calm.healthy,
    bar: { of: 'ratio', is: 'at most', limit: UNDISTURBED },
  };
}
