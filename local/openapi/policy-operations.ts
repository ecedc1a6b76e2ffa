import { actQuerySchema } from '../../functions/audit/list-acts.ts';
import { issuanceQuerySchema } from '../../functions/audit/list-issuances.ts';
import { grantsSchema } from '../../functions/callers/put-caller.ts';
import { simulationRequestSchema } from '../../functions/callers/simulate-policy.ts';
import { type ApiOperation, COMMON } from './operation.ts';

/** A caller of the examples. */
export const EXAMPLE_CALLER = '5d0b7a61-2c4f-4f7e-9a34-0c1d2e3f4a5b';

const RULES = [
  { id: 'all-gold', effect: 'allow', tenants: ['tag:gold'], resources: ['defender-xdr'] },
  { id: 'never-graph', effect: 'deny', tenants: ['*'], resources: ['graph'] },
];

/** The routes that say what callers may have, and had. */
export const POLICY_OPERATIONS: readonly ApiOperation[] = [
  {
    id: 'listCallers',
    target: 'GET api/callers',
    role: 'Policy.Manage',
    summary: 'See every caller that has grants.',
    success: { status: 200, answer: 'CallerList' },
    errors: COMMON,
  },
  {
    id: 'getCaller',
    target: 'GET api/callers/{client_id}',
    role: 'Policy.Manage',
    summary: 'See what one caller may have.',
    success: { status: 200, answer: 'Caller' },
    errors: ['invalid_request', 'caller_not_found', ...COMMON],
  },
  {
    id: 'putCaller',
    target: 'PUT api/callers/{client_id}',
    role: 'Policy.Manage',
    summary: 'Replace what a caller may have; a rule that denies wins.',
    body: grantsSchema,
    examples: {
      rules: {
        summary: 'Defender XDR of every gold customer',
        value: { display_name: 'SOAR playbooks', rules: RULES },
      },
      audit: {
        summary: 'Refuse nothing yet, log what would be refused',
        value: { mode: 'audit', rules: RULES },
      },
    },
    success: { status: 200, answer: 'Caller', made: true },
    errors: ['invalid_request', ...COMMON],
  },
  {
    id: 'deleteCaller',
    target: 'DELETE api/callers/{client_id}',
    role: 'Policy.Manage',
    summary: 'Take every grant of a caller away, everywhere within five seconds.',
    success: { status: 200, answer: 'RemovedCaller' },
    errors: ['invalid_request', 'caller_not_found', ...COMMON],
  },
  {
    id: 'simulatePolicy',
    target: 'POST api/policy/simulate',
    role: 'Policy.Manage',
    summary: 'Ask what a caller would get for a tenant and resource, and which rule says so.',
    body: simulationRequestSchema,
    examples: {
      question: {
        summary: 'May this tool have that token?',
        value: { caller: EXAMPLE_CALLER, tenant: 'contoso.example', resource: 'defender-xdr' },
      },
    },
    success: { status: 200, answer: 'Simulation' },
    errors: ['invalid_request', 'invalid_target', ...COMMON],
  },
  {
    id: 'listIssuances',
    target: 'GET api/audit/tokens',
    role: 'Audit.Read',
    summary: 'See who received which token; the query has to be bounded.',
    query: issuanceQuerySchema,
    sample: `caller=${EXAMPLE_CALLER}`,
    success: { status: 200, answer: 'IssuancePage' },
    errors: ['invalid_request', ...COMMON],
  },
  {
    id: 'listActs',
    target: 'GET api/audit/acts',
    role: 'Audit.Read',
    summary: 'See what operators did, oldest first.',
    query: actQuerySchema,
    sample: 'since=2026-11-01T00:00:00Z',
    success: { status: 200, answer: 'ActPage' },
    errors: ['invalid_request', ...COMMON],
  },
];
