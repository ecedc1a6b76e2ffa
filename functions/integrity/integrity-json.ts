import type { IntegrityReport } from '../../shared/authority/integrity-check.ts';
import { toFindingJson } from '../../shared/authority/integrity-probe.ts';
import { toChainJson } from '../audit/list-events.ts';

/** What a look at everything showed, as the API shows it. */
export function toIntegrityJson({ checkedAt, rows, findings, chain }: IntegrityReport) {
  return {
    checked_at: new Date(checkedAt).toISOString(),
    rows,
    findings: findings.map(toFindingJson),
    chain: toChainJson(chain),
  };
}
