import { randomInt, randomUUID } from 'node:crypto';
import type { Caller } from '../../shared/callers/caller.ts';
import type { GrantRule, Grants } from '../../shared/callers/grants.ts';
import { decide, type Target } from '../../shared/callers/policy.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { measureInTurn } from '../support/statistics.ts';

const CALLERS = 1000;
const RULES = 20;
const TENANTS = 5000;
const CALLS = 20_000;

/** A question as a request brings it. */
interface Question {
  readonly caller: Pick<Caller, 'id' | 'roles'>;
  readonly target: Target;
}

type Name = 'decide' | 'last rule' | 'look-up' | 'JSON.parse of the rules';

/**
 * Rules of every kind, most of them about other tenants; `* allow` stands last, so that all are
 * looked at.
 */
function createRules(tenantIds: readonly string[]): readonly GrantRule[] {
  const kinds = [
    () => [pick(tenantIds), pick(tenantIds), pick(tenantIds)],
    () => [`tag:region-${randomInt(50)}`],
  ];
  const special = Array.from(
    { length: RULES - 1 },
    (_, i): GrantRule => ({
      id: `rule-${i}`,
      effect: i % 4 === 0 ? 'deny' : 'allow',
      tenants: pick(kinds)(),
      resources: i % 3 === 0 ? ['*'] : ['defender-xdr', 'graph'],
    }),
  );
  return [...special, { id: 'rest', effect: 'allow', tenants: ['*'], resources: ['*'] }];
}

function createGrants(tenantIds: readonly string[]): Grants {
  return {
    callerId: randomUUID(),
    displayName: undefined,
    mode: 'enforce',
    rules: createRules(tenantIds),
    createdAt: 0,
    updatedAt: 0,
  };
}

function drawQuestions(ids: readonly string[], tenantIds: readonly string[]): readonly Question[] {
  return Array.from({ length: CALLS }, () => ({
    caller: { id: pick(ids), roles: ['Tokens.Issue'] },
    target: {
      tenantId: pick(tenantIds),
      tags: [`region-${randomInt(50)}`, 'gold'],
      resource: 'defender-xdr',
      role: 'Tokens.Issue',
    },
  }));
}

function pick<T>(list: readonly T[]): T {
  // The lists here are never empty.
  return list[randomInt(list.length)] as T;
}

/** Microseconds per question. */
function time(questions: readonly Question[], ask: (question: Question) => unknown): number {
  const startedAt = process.hrtime.bigint();
  let seen = 0;
  for (const question of questions) if (ask(question)) seen++;
  const passed = Number(process.hrtime.bigint() - startedAt) / 1000;
  if (seen !== questions.length) throw new Error('A question had no answer.');
  return passed / questions.length;
}

async function measure(rounds: number): Promise<ReadonlyMap<Name, number>> {
  const tenantIds = Array.from({ length: TENANTS }, () => randomUUID());
  const callers = Array.from({ length: CALLERS }, () => createGrants(tenantIds));
  const grants = new Map(callers.map((one) => [one.callerId, one]));
  const texts = new Map(callers.map((one) => [one.callerId, JSON.stringify(one.rules)]));
  const ids = [...grants.keys()];
  const elsewhere = {
    tenantId: randomUUID(),
    tags: [],
    resource: 'defender-xdr',
    role: 'Tokens.Issue',
  } as const;
  const on = (ask: (question: Question) => unknown) => () =>
    Promise.resolve(time(drawQuestions(ids, tenantIds), ask));
  return await measureInTurn<Name>(
    new Map([
      [
        'decide',
        on(({ caller, target }) => decide({ caller, grants: grants.get(caller.id), target })),
      ],
      [
        'last rule',
        on(({ caller }) => decide({ caller, grants: grants.get(caller.id), target: elsewhere })),
      ],
      ['look-up', on(({ caller }) => grants.get(caller.id))],
      ['JSON.parse of the rules', on(({ caller }) => JSON.parse(texts.get(caller.id) ?? ''))],
    ]),
    rounds,
  );
}

function toRows(medians: ReadonlyMap<Name, number>): readonly Row[] {
  const at = (name: Name) => ({ value: medians.get(name) ?? Number.NaN, unit: 'µs' });
  const bar = { of: 'measured', is: 'at most', limit: 5 } as const;
  const size = `${CALLERS.toLocaleString('en-US')} callers × ${RULES} rules`;
  return [
    {
      what: `one decision, ${size}, random tenants`,
      measured: at('decide'),
      against: { name: 'only the caller looked up', ...at('look-up') },
      bar,
    },
    {
      what: `one decision, ${size}, only the last rule fits`,
      measured: at('last rule'),
      against: { name: 'the rules parsed from their row', ...at('JSON.parse of the rules') },
      bar,
    },
  ];
}

await reportSection(
  async ({ quick }): Promise<SectionResult> => ({
    rows: toRows(await measure(quick ? 5 : 41)),
    notes: [
      `Each question names a random caller and one of ${TENANTS.toLocaleString('en-US')} tenants; rules name three tenants or a tag, a quarter denies.`,
    ],
  }),
);
