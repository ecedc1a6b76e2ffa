import fc from 'fast-check';
import { expect, test } from 'vitest';
import { APP_ROLES } from '../../../shared/callers/caller.ts';
import { GRANTABLE_NAMES, type GrantRule } from '../../../shared/callers/grants.ts';
import { decide, type Target } from '../../../shared/callers/policy.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const CALLER = { roles: ['Tokens.Issue'] };
const TARGET: Target = {
  tenantId: TENANT,
  tags: ['gold'],
  resource: 'graph',
  role: 'Tokens.Issue',
};
const ALLOW: GrantRule = { id: 'a', effect: 'allow', tenants: ['*'], resources: ['*'] };
const DENY: GrantRule = { ...ALLOW, id: 'd', effect: 'deny' };

function decideFor(rules: readonly GrantRule[], target = TARGET, mode?: 'audit') {
  return decide({ caller: CALLER, grants: { mode: mode ?? 'enforce', rules }, target });
}

const selector = fc.constantFrom('*', TENANT, OTHER_TENANT, 'tag:gold', 'tag:emea');
const rule = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{1,6}$/),
  effect: fc.constantFrom('allow' as const, 'deny' as const),
  tenants: fc.array(selector, { minLength: 1, maxLength: 3 }),
  resources: fc.array(fc.constantFrom('*' as const, ...GRANTABLE_NAMES), {
    minLength: 1,
    maxLength: 3,
  }),
});
const rules = fc.array(rule, { maxLength: 8 });
const target = fc.record({
  tenantId: fc.constantFrom(TENANT, OTHER_TENANT),
  tags: fc.subarray(['gold', 'emea']),
  resource: fc.constantFrom(...GRANTABLE_NAMES),
  role: fc.constant('Tokens.Issue' as const),
});
const reordered = rules.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
);

test.each<[string, readonly GrantRule[], ReturnType<typeof decide>]>([
  ['nothing', [], { allowed: false, rule: 'default:deny' }],
  ['a rule for all', [ALLOW], { allowed: true, rule: 'a' }],
  ['its GUID', [{ ...ALLOW, tenants: [TENANT] }], { allowed: true, rule: 'a' }],
  ['its tag', [{ ...ALLOW, tenants: ['tag:gold'] }], { allowed: true, rule: 'a' }],
  [
    "another's GUID",
    [{ ...ALLOW, tenants: [OTHER_TENANT] }],
    { allowed: false, rule: 'default:deny' },
  ],
  ["another's tag", [{ ...ALLOW, tenants: ['tag:gol'] }], { allowed: false, rule: 'default:deny' }],
  ['its API', [{ ...ALLOW, resources: ['graph'] }], { allowed: true, rule: 'a' }],
  [
    'another API',
    [{ ...ALLOW, resources: ['defender-xdr'] }],
    { allowed: false, rule: 'default:deny' },
  ],
  ['allowed and denied', [ALLOW, DENY], { allowed: false, rule: 'd' }],
])('granted %s, the answer names its rule', (_, granted, decision) => {
  expect(decideFor(granted)).toEqual(decision);
});

test('a caller without grants gets nothing', () => {
  expect(decide({ caller: CALLER, grants: undefined, target: TARGET })).toEqual({
    allowed: false,
    rule: 'default:deny',
  });
});

test.each(['Tokens.Issue', 'Incidents.Read', 'Incidents.Write'] as const)(
  'no grant makes up for the app role %s, and no other role does',
  (role) => {
    const grants = { mode: 'audit' as const, rules: [ALLOW] };
    const others = APP_ROLES.filter((other) => other !== role);
    const target = { ...TARGET, role };
    const denied = { allowed: false, rule: `role:${role}` };
    expect(decide({ caller: { roles: others }, grants, target })).toEqual(denied);
    expect(decide({ caller: { roles: [role] }, grants, target }).allowed).toBe(true);
  },
);

test('incidents are granted beside the tokens, and by the rule for all', () => {
  const incidents = { ...TARGET, resource: 'incidents' as const };
  const only: GrantRule = { ...ALLOW, resources: ['incidents'] };
  const tokens: GrantRule = { ...ALLOW, resources: ['defender-xdr', 'graph'] };
  expect(decideFor([only], incidents)).toEqual({ allowed: true, rule: 'a' });
  expect(decideFor([ALLOW], incidents)).toEqual({ allowed: true, rule: 'a' });
  expect(decideFor([tokens], incidents)).toEqual({ allowed: false, rule: 'default:deny' });
  expect(decideFor([only])).toEqual({ allowed: false, rule: 'default:deny' });
});

test('audit mode allows what would be denied, and says so', () => {
  expect(decideFor([ALLOW, DENY], TARGET, 'audit')).toEqual({
    allowed: true,
    rule: 'd',
    wouldBeDenied: true,
  });
  expect(decideFor([ALLOW], TARGET, 'audit')).toEqual({ allowed: true, rule: 'a' });
});

test('the order of the rules never changes what is allowed', () => {
  fc.assert(
    fc.property(reordered, target, ([all, shuffled], asked) => {
      expect(decideFor(shuffled, asked).allowed).toBe(decideFor(all, asked).allowed);
    }),
  );
});

test('a rule that denies overrides every allow, wherever it stands', () => {
  fc.assert(
    fc.property(rules, fc.nat(), target, (all, at, asked) => {
      const denying = { ...DENY, tenants: [asked.tenantId], resources: [asked.resource] };
      expect(decideFor(all.toSpliced(at % (all.length + 1), 0, denying), asked).allowed).toBe(
        false,
      );
    }),
  );
});

test('adding an allow never removes access', () => {
  fc.assert(
    fc.property(rules, rule, target, (all, added, asked) => {
      const more = [{ ...added, effect: 'allow' as const }, ...all];
      expect(decideFor(all, asked).allowed && !decideFor(more, asked).allowed).toBe(false);
    }),
  );
});

test('a changed tag changes the decision', () => {
  fc.assert(
    fc.property(target, fc.constantFrom<GrantRule['effect']>('allow', 'deny'), (asked, effect) => {
      const byTag = [
        { ...ALLOW, tenants: ['tag:new'], effect },
        { ...ALLOW, tenants: ['tag:old'] },
      ];
      const at = (tags: readonly string[]) => decideFor(byTag, { ...asked, tags }).allowed;
      expect([at([]), at(['old']), at(['old', 'new'])]).toEqual([false, true, effect === 'allow']);
    }),
  );
});

test('a blocked caller gets nothing, whatever its rules and its mode say', () => {
  const grants = { mode: 'audit', rules: [ALLOW], blocked: true } as const;
  const decision = decide({ caller: CALLER, grants, target: TARGET });
  expect(decision).toEqual({ allowed: false, rule: 'caller:blocked' });
});
