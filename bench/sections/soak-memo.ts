import type { SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { type AttackTally, attackMemo } from '../support/memo-attack.ts';

function toResult(tally: AttackTally): SectionResult {
  const requests = tally.answered + tally.refused;
  const none = { of: 'measured', is: 'at most', limit: 0 } as const;
  const toRow = (what: string, value: number) => ({
    what: `${what} in ${requests.toLocaleString('en-US')} requests`,
    measured: { value, unit: '' },
    against: { name: 'answers', value: tally.answered, unit: '' },
    bar: none,
  });
  return {
    rows: [
      toRow('tokens of another tenant or API', tally.wrongTenant),
      toRow('answers refused by the long way for more than 5 s', tally.late),
      toRow('tokens without the life that was asked for', tally.ended),
      toRow('tokens not in the ledger, or refused by an API before', tally.unrecorded),
      {
        what: 'answers from the memo',
        measured: { value: tally.remembered, unit: '' },
        against: { name: 'answers', value: tally.answered, unit: '' },
        ratio: tally.remembered / tally.answered,
      },
    ],
    notes: [
      'Three processes of the real exchange over one storage on a simulated clock, 36 callers and tenants × 2 APIs.',
      'Meanwhile grants, blocks, tags and states change (a tenth of the writers dies before the epoch moves), clocks',
      'jump, storage goes away, APIs refuse tokens; of the calls to Entra 15 % fail, 10 % give a token of another',
      'tenant or API, 5 % hang. What writers leave unannounced counts after 65 s; a clock set back by less than the',
      'five seconds adds what it was set back by.',
    ],
  };
}

await reportSection(async ({ quick, full }) =>
  toResult(await attackMemo(full ? 1_000_000 : quick ? 45_000 : 200_000)),
);
