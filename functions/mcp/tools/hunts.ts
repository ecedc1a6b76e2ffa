import * as v from 'valibot';
import type { HuntedTenant } from '../../../shared/hunting/admin/hunts.ts';
import { type Hunt, toHuntStatus } from '../../../shared/hunting/hunt.ts';
import { MAX_ROWS as MAX_HUNT_ROWS } from '../../../shared/hunting/limits.ts';
import type { ResultPage } from '../../../shared/hunting/results/read-results.ts';
import { parseReadably } from '../../../shared/hunting/results/row-reader.ts';
import { huntNameSchema, queryEntries, toQueryInput } from '../../hunts/hunt-body.ts';
import { toColumnJson, toHuntJson, toTenantJson } from '../../hunts/hunt-json.ts';
import { loadFitting, MAX_ANSWER_BYTES } from '../answer-size.ts';
import { defineTool, type ToolAnswer } from '../tool.ts';
import { toVisible } from '../untrusted.ts';
import { cursorInput, limitInput, tenantInput } from './inputs.ts';

/** An agent names the customers one by one: more than these are a matter for the API. */
const MAX_TENANTS = 100;

const huntIdInput = v.pipe(v.string(), v.uuid());

/** Starts a hunt at customers that are named. */
export const startHuntTool = defineTool({
  name: 'start_hunt',
  title: 'Start a hunt at customers',
  description:
    'Runs one KQL query of advanced hunting at the customers that are named, in the background. Costs calls of their quotas. Look with get_hunt how far it is.',
  role: 'Hunting.Run',
  isCostly: true,
  work: 'hunt',
  input: v.strictObject({
    ...queryEntries,
    tenants: v.pipe(
      v.array(tenantInput),
      v.minLength(1),
      v.maxLength(MAX_TENANTS),
      v.description('The customers: tenant ids (GUIDs) or verified domains.'),
    ),
    max_rows: v.pipe(
      v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_HUNT_ROWS)), 1000),
      v.description('Rows of one customer.'),
    ),
    name: v.optional(huntNameSchema),
  }),
  run: async ({ tenants, timespan, max_rows: maxRows, name, ...query }, call) => {
    const { caller, services, correlationId } = call;
    const { create } = await services.loadHunting();
    const actor = { actor: caller.id, detail: BY_TOOL, correlationId };
    const done = { act: 'hunt.create', ...actor } as const;
    const created = await create({
      caller,
      query: toQueryInput({ ...query, timespan, max_rows: maxRows }),
      ...{ tenants, tag: undefined, timespan, maxRows, maxTotalRows: undefined, name },
      record: ({ id }) => services.recordEvent({ ...done, subject: id }),
    });
    return { asked_for: tenants, ...toAgentHunt(created) };
  },
});

const BY_TOOL = 'by the tool start_hunt';

/** Shows how far a hunt is, customer by customer. */
export const getHuntTool = defineTool({
  name: 'get_hunt',
  title: 'Get a hunt',
  description:
    'Shows how far a hunt is: each customer with its verdict, who has to act (owner) and what to do (remedy). Only complete means that all rows are there.',
  role: 'Hunting.Run',
  input: v.strictObject({
    hunt_id: huntIdInput,
    cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number))),
    limit: limitInput,
  }),
  run: ({ hunt_id, cursor: from = 0, limit }, { caller, services }) =>
    loadFitting(limit, async (rows): Promise<ToolAnswer> => {
      const { hunts } = await services.loadHunting();
      const state = await hunts.getTenants(caller, hunt_id, { from, limit: rows });
      const { tenants } = state;
      const next = from + tenants.length;
      return {
        ...toAgentHunt(state),
        customers: tenants.map((one) => toAgentTenant(one, state.hunt)),
        next_cursor: next < state.progress.total ? String(next) : undefined,
      };
    }),
});

/** Reads rows of a hunt. */
export const huntResultsTool = defineTool({
  name: 'hunt_results',
  title: 'Read the rows of a hunt',
  description:
    'Reads the rows of a hunt, each with the id of its customer. The values and the names of the columns, which others may have written, are in objects called untrusted. Send next_cursor as cursor to go on, also while the hunt runs.',
  role: 'Hunting.Run',
  work: 'list',
  input: v.strictObject({ hunt_id: huntIdInput, cursor: cursorInput, limit: limitInput }),
  run: ({ hunt_id, cursor, limit }, { caller, services }) =>
    loadFitting(limit, async (rows): Promise<ToolAnswer> => {
      const { hunts, readResults } = await services.loadHunting();
      const { hunt, progress } = await hunts.get(caller, hunt_id);
      const limits = { rows, bytes: MAX_ANSWER_BYTES };
      const query = { caller, hunt, progress, cursor, format: 'ndjson', limits } as const;
      const page = await readResults(query);
      return {
        hunt_id,
        status: toHuntStatus(progress),
        untrusted: toVisible({ columns: page.columns.map(toColumnJson) }),
        rows: toLines(page).map(toAgentRow),
        next_cursor: page.next,
        ...(page.withheldTenants > 0 && { withheld_tenants: page.withheldTenants }),
      };
    }),
});

/** Facts outside; what callers and customers called things inside `untrusted`. */
function toAgentHunt(state: Parameters<typeof toHuntJson>[0]) {
  const { name, status_url: _, results_url: __, tenants, ...facts } = toHuntJson(state);
  return { ...facts, counts: tenants, untrusted: toVisible({ name }) };
}

function toAgentTenant(one: HuntedTenant, hunt: Hunt) {
  const { tenant_name, named, microsoft, ...facts } = toTenantJson(one, {
    hunt,
    consentUrl: undefined,
  });
  return { ...facts, untrusted: toVisible({ tenant_name, named, microsoft }) };
}

function toLines({ text }: Pick<ResultPage, 'text'>): readonly string[] {
  return text.toString().split('\n').slice(0, -1);
}

function toAgentRow(line: string) {
  const { tenant_id, ...row } = parseReadably(line);
  return { tenant_id, untrusted: toVisible(row) };
}
