import { toIntegrityError } from '../authority/integrity.ts';
import type { RefusalProblem } from '../authority/refusal.ts';
import type { Refusals } from '../authority/refusals.ts';
import type { BrokerError } from '../errors.ts';

/** Names what no broker wrote of a hunt; answers the error of who asked for it. */
export type RefuseHunt = (huntId: string, problem: RefusalProblem) => BrokerError;

/** Creates the refusal: an alarm in the log, and a finding in the health of every process. */
export function createRefuseHunt({ report }: Pick<Refusals, 'report'>): RefuseHunt {
  return (huntId, problem) => {
    report({ table: 'hunts', key: huntId, problem });
    return toIntegrityError('hunts');
  };
}
