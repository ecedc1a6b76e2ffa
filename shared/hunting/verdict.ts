import type { Owner } from '../errors.ts';

/** How a hunt ended at one customer; nothing but `complete` means that all rows are there. */
export const VERDICTS = [
  'complete',
  'truncated',
  'not_available',
  'not_granted',
  'consent_missing',
  'throttled',
  'failed',
  'cancelled',
] as const;

/** How a hunt ended at one customer. */
export type HuntVerdict = (typeof VERDICTS)[number];

/** What a way of falling short means: the verdict, whose turn it is, and what they do. */
interface HuntProblemKind {
  readonly verdict: Exclude<HuntVerdict, 'complete'>;
  readonly owner: Owner;
  readonly description: string;
  readonly remedy: string;
}

const NARROW = 'Filter or summarize in the query, or take a shorter timespan.';

/** Why a hunt fell short at a customer: the one table that answers and documents use. */
export const HUNT_PROBLEMS = {
  row_limit: {
    verdict: 'truncated',
    owner: 'caller',
    description:
      'Microsoft answers at most 100,000 rows, and this query can not be asked in parts.',
    remedy: 'Filter or summarize in the query; a query over one table without joins is split.',
  },
  result_too_large: {
    verdict: 'truncated',
    owner: 'caller',
    description: "The result is larger than Microsoft's 50 MB; the rows that fit are stored.",
    remedy: 'Project fewer columns; a query over one table without joins is split.',
  },
  max_rows: {
    verdict: 'truncated',
    owner: 'caller',
    description: 'The tenant has more rows than max_rows.',
    remedy: 'Raise max_rows, or filter in the query.',
  },
  max_total_rows: {
    verdict: 'truncated',
    owner: 'caller',
    description: 'The hunt has more rows than max_total_rows.',
    remedy: 'Raise max_total_rows, or hunt at fewer tenants.',
  },
  table_missing: {
    verdict: 'not_available',
    owner: 'customer',
    description:
      'The tenant has no such table: the product that fills it is not licensed or set up.',
    remedy: 'Ask the customer to license and set up the product, or leave the tenant out.',
  },
  unknown_table: {
    verdict: 'not_available',
    owner: 'caller',
    description: 'The tenant has no such table, and Microsoft documents none of that name.',
    remedy: 'Check the name; a custom table exists only at tenants that made it.',
  },
  licence_missing: {
    verdict: 'not_available',
    owner: 'customer',
    description:
      'The app role is granted, and Microsoft refuses all the same: a licence is missing.',
    remedy: 'Ask the customer to license and open Microsoft Defender XDR once.',
  },
  not_granted: {
    verdict: 'not_granted',
    owner: 'partner',
    description: 'The caller has no grant to hunt at this tenant.',
    remedy: 'Check the tenant; if it is right, have an operator grant hunting to the caller.',
  },
  role_missing: {
    verdict: 'consent_missing',
    owner: 'customer',
    description: 'The tenant has not granted the app role that hunting takes.',
    remedy: 'Send the consent link to an administrator of the tenant.',
  },
  consent_missing: {
    verdict: 'consent_missing',
    owner: 'customer',
    description: "The tenant's admin has not consented to the app, or has removed it.",
    remedy: 'Send the consent link to an administrator of the tenant.',
  },
  consent_in_proof: {
    verdict: 'consent_missing',
    owner: 'microsoft',
    description: "The tenant's consent is being verified.",
    remedy: 'Hunt again in some minutes; Microsoft applies a new consent within minutes.',
  },
  throttled: {
    verdict: 'throttled',
    owner: 'microsoft',
    description: 'Microsoft throttled the hunting calls of the tenant for too long.',
    remedy: 'Hunt again later, with fewer hunts at this tenant at a time.',
  },
  cpu_exhausted: {
    verdict: 'throttled',
    owner: 'microsoft',
    description: "The tenant's share of Microsoft's hunting CPU was used up for too long.",
    remedy: 'Make the query cheaper, and see the query resources report of the customer.',
  },
  tenant_disabled: {
    verdict: 'failed',
    owner: 'partner',
    description: 'An operator has disabled the tenant.',
    remedy: 'Enable it with PATCH /api/tenants/{tenant} and status active.',
  },
  query_refused: {
    verdict: 'failed',
    owner: 'caller',
    description: 'Microsoft refuses the query; see microsoft for its own words.',
    remedy: 'Correct the query there, and hunt again.',
  },
  query_too_long: {
    verdict: 'failed',
    owner: 'caller',
    description: 'Microsoft refuses the query for its size.',
    remedy: 'Shorten the query, or its parameters.',
  },
  too_heavy: {
    verdict: 'failed',
    owner: 'caller',
    description:
      'The query takes more than Microsoft gives one query: three minutes, or its memory.',
    remedy: NARROW,
  },
  unavailable: {
    verdict: 'failed',
    owner: 'microsoft',
    description: "Microsoft's hunting API did not answer, also when it was asked again.",
    remedy: "Hunt again; see Microsoft's service health if it lasts.",
  },
  malformed: {
    verdict: 'failed',
    owner: 'microsoft',
    description: 'Microsoft gave an answer that the broker does not know.',
    remedy: 'Search the log for the hunt, and hunt again.',
  },
  unauthorized: {
    verdict: 'failed',
    owner: 'partner',
    description: "Microsoft does not accept the broker's token for the tenant.",
    remedy: 'Prove the tenant with POST /api/tenants/{tenant}/verify.',
  },
  no_token: {
    verdict: 'failed',
    owner: 'partner',
    description: 'There was no token for the tenant.',
    remedy: 'See last_error of the tenant; prove it with POST /api/tenants/{tenant}/verify.',
  },
  run_damaged: {
    verdict: 'failed',
    owner: 'partner',
    description: 'What storage held of the work at the tenant is damaged or gone.',
    remedy: 'Hunt again; see the check integrity of GET /api/health.',
  },
  cancelled: {
    verdict: 'cancelled',
    owner: 'caller',
    description: 'The hunt was cancelled before the tenant was done.',
    remedy: 'Hunt again.',
  },
  caller_blocked: {
    verdict: 'cancelled',
    owner: 'partner',
    description: 'An operator blocked the caller, or its application, while the hunt ran.',
    remedy: 'Hunt again, once an operator lets the caller in.',
  },
  hunt_too_old: {
    verdict: 'cancelled',
    owner: 'caller',
    description: 'The hunt was not done with the tenant within a day.',
    remedy: 'Hunt again, with a cheaper query or at fewer tenants.',
  },
  offboarded: {
    verdict: 'cancelled',
    owner: 'partner',
    description: 'The tenant was offboarded; its rows are removed.',
    remedy: 'Nothing is left to do.',
  },
} as const satisfies Readonly<Record<string, HuntProblemKind>>;

/** Why a hunt fell short at a customer. */
export type HuntProblem = keyof typeof HUNT_PROBLEMS;

/** Every problem, in the order of the table. */
export const HUNT_PROBLEM_NAMES = Object.keys(HUNT_PROBLEMS) as readonly HuntProblem[];

/** How a hunt that has this problem ended, if any. */
export function toHuntVerdict(problem: HuntProblem | undefined): HuntVerdict {
  return problem === undefined ? 'complete' : HUNT_PROBLEMS[problem].verdict;
}
