import { expect, test } from 'vitest';
import { parseRuleText, type Rule, toRuleSentence, toRuleText } from '../../console/rules.ts';

const RULES: readonly Rule[] = [
  { id: 'gold', effect: 'allow', tenants: ['tag:gold', '*'], resources: ['defender-xdr', 'graph'] },
  {
    id: 'read-only',
    effect: 'allow',
    tenants: ['*'],
    resources: ['graph'],
    operations: ['GET /v1.0/security/incidents*', 'POST /v1.0/security/runHuntingQuery'],
  },
  { id: 'never', effect: 'deny', tenants: ['*'], resources: ['*'] },
];

test('what the editor shows and reads back is the same, the operations included', () => {
  expect(parseRuleText(toRuleText(RULES))).toEqual({ rules: RULES });
});

test('a rule is said in words', () => {
  expect(RULES.map(toRuleSentence)).toEqual([
    'Allows defender-xdr and graph of customers with the tag gold and every customer.',
    'Allows graph of every customer, only the calls GET /v1.0/security/incidents* and POST /v1.0/security/runHuntingQuery and no token.',
    'Denies everything of every customer.',
  ]);
});

test.each(['gold allow graph of *', 'gold: permit graph of *', 'gold: allow graph'])(
  'a line that is no rule is named: %s',
  (line) => {
    expect(parseRuleText(`a: allow graph of *\n${line}`)).toEqual({
      problem: expect.stringContaining('Line 2'),
    });
  },
);
