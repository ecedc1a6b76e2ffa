import { expect, test } from 'vitest';
import { listFittingChanges } from '../../../shared/audit/describe/fitting-rules.ts';
import { TENANT } from '../../support/tokens.ts';

const RULE = { effect: 'allow', resources: ['graph'] } as const;

test('an event names twenty callers and six rules of each, and how many there are more', () => {
  const rules = Array.from({ length: 200 }, (_, n) => ({
    ...RULE,
    id: `rule-${'x'.repeat(30)}${n}`,
    tenants: ['tag:gold'],
  }));
  const callers = Array.from({ length: 500 }, (_, n) => ({ callerId: `caller ${n}`, rules }));
  const changes = listFittingChanges(callers, { tenantId: TENANT, before: [], after: ['gold'] });
  expect(changes).toHaveLength(21);
  expect(changes[0]?.after).toContain(' and 194 more');
  expect(changes.at(-1)).toMatchObject({ field: 'fitting_rules', after: 'of 480 more callers' });
  expect(JSON.stringify(changes).length).toBeLessThan(10_000);
});

test('a rule that names the tenant itself fits before and after', () => {
  const rules = [{ ...RULE, id: 'own', tenants: [TENANT, 'tag:gold'] }];
  const callers = [{ callerId: 'caller', rules }];
  expect(listFittingChanges(callers, { tenantId: TENANT, before: [], after: ['gold'] })).toEqual(
    [],
  );
});
