import * as v from 'valibot';
import { expectAnswer } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import { flip } from '../environment.ts';
import type { HuntRow } from '../hunt-table.ts';
import type { Notes } from '../progress.ts';

/** Mail that was called phishing, by the sender's domain: everybody's mail, in one table. */
const QUERY =
  'EmailEvents | where isnotempty(ThreatTypes) | summarize Messages = count() by SenderFromDomain | sort by Messages desc';

/** A hunt at customers that answer at once ends long before. */
const TIMEOUT_MS = 60_000;
const INTERVAL = 250;

const huntedSchema = v.object({
  tenant_id: v.optional(v.string()),
  tenant_name: v.optional(v.string()),
  status: v.string(),
  verdict: v.optional(v.string()),
  owner: v.optional(v.string()),
  rows: v.number(),
  calls: v.number(),
  duration_ms: v.optional(v.number()),
});
const huntSchema = v.object({
  hunt_id: v.string(),
  rows: v.number(),
  tenants: v.object({ total: v.number() }),
  value: v.array(huntedSchema),
});
const startedSchema = v.object({ hunt_id: v.string() });
const resultsSchema = v.object({
  value: v.array(v.object({ tenant_id: v.string(), Messages: v.number() })),
});

type HuntState = v.InferOutput<typeof huntSchema>;

/**
 * Hunts at everybody at once, one of whom has no mail product, and asserts what each customer's
 * part came to.
 */
export async function huntEverywhere(
  context: DemoContext,
  notes: Notes,
): Promise<readonly HuntRow[]> {
  const { contoso, fabrikam, adatum } = context.customers;
  await flip(context.fetch, context.environment, `hunt-unlicensed?tenant=${adatum.domain}`);
  const made = await context.call('POST /hunts', { query: QUERY, timespan: 'P30D' });
  const { hunt_id: id } = expectAnswer(made, 202, startedSchema);
  const state = await awaitVerdicts(context, id, notes);
  for (const customer of [contoso, fabrikam]) {
    expectSame(`the verdict on ${customer.name}`, findPart(state, customer).verdict, 'complete');
  }
  const missing = findPart(state, adatum);
  expectSame('the verdict on Adatum', missing.verdict, 'not_available');
  expectSame('who has to act for Adatum', missing.owner, 'customer');
  await expectOwnRows(context, state);
  return state.value.map(toRow);
}

/**
 * Waits until the customers of the story have a verdict; others of a sandbox may be throttled for
 * an hour.
 */
async function awaitVerdicts(
  context: DemoContext,
  id: string,
  { report }: Notes,
): Promise<HuntState> {
  const deadline = Date.now() + TIMEOUT_MS;
  let reported = -1;
  while (Date.now() < deadline) {
    const state = expectAnswer(await context.call(`GET /hunts/${id}?limit=100`), 200, huntSchema);
    // The counter of the hunt follows the customers' own verdicts a moment later.
    const ended = state.value.filter(({ verdict }) => verdict !== undefined).length;
    const { total } = state.tenants;
    if (ended !== reported) report(`${ended} of ${total} customers, ${state.rows} rows`);
    reported = ended;
    const parts = Object.values(context.customers).map((customer) => findPart(state, customer));
    if (parts.every(({ verdict }) => verdict !== undefined)) return state;
    await context.pause(INTERVAL);
  }
  throw new DemoError(
    `Expected: a verdict on every customer within ${TIMEOUT_MS / 1000} s\nGot: none`,
  );
}

/** The rows can be read at once, each with its customer's id. */
async function expectOwnRows(context: DemoContext, state: HuntState): Promise<void> {
  const { hunt_id, value } = state;
  const page = expectAnswer(
    await context.call(`GET /hunts/${hunt_id}/results`),
    200,
    resultsSchema,
  );
  const { contoso, fabrikam, adatum } = context.customers;
  for (const customer of [contoso, fabrikam, adatum]) {
    const own = page.value.filter((row) => row.tenant_id === customer.tenantId).length;
    const { rows = 0 } = value.find((part) => part.tenant_id === customer.tenantId) ?? {};
    expectSame(`the rows of ${customer.name}`, own, rows);
  }
}

function findPart({ value }: HuntState, { name, tenantId }: Customer): HuntState['value'][number] {
  const part = value.find(({ tenant_id }) => tenant_id === tenantId);
  if (part) return part;
  throw new DemoError(`Expected in the hunt: ${name}\nGot: ${value.length} others`);
}

function toRow(part: HuntState['value'][number]): HuntRow {
  const { tenant_name: name = '', status, verdict = status, rows, calls, duration_ms } = part;
  return { name, verdict, rows, calls, durationMs: duration_ms, owner: part.owner };
}
