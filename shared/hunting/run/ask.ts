import * as v from 'valibot';
import type { HuntRun } from '../hunt.ts';
import { HuntingApiError, type RunHuntingQuery, type TakeRow } from '../hunting-api.ts';
import { BIN_COLUMN, COUNT_COLUMN } from '../kql/edit-query.ts';
import type { PartWriter, ResultStore } from '../result-store.ts';
import type { AskOutcome } from './decide.ts';
import { type PlanContext, toStepQuery } from './plan.ts';
import type { CountedBin } from './spans.ts';

/** What one call needs to know. */
interface AskRequest {
  readonly run: HuntRun & { readonly tenantId: string };
  readonly context: PlanContext;
  readonly accessToken: string;
  readonly signal: AbortSignal | undefined;
}

/** What became of a call, and the rows that it brought: they count once the run says so. */
export interface Asked {
  readonly outcome: AskOutcome;
  readonly part:
    | (Pick<PartWriter, 'blob' | 'discard'> & { readonly chunks: readonly number[] })
    | undefined;
}

/** More bins than any count has. */
const MAX_BINS = 5000;

/** Makes one call and stores what comes, piece by piece; rejects when storage does not answer. */
export async function ask(
  { runQuery, results }: { runQuery: RunHuntingQuery; results: ResultStore },
  request: AskRequest,
): Promise<Asked> {
  const isCount = request.run.plan.kind === 'count';
  return isCount
    ? await askForBins(runQuery, request)
    : await askForRows(runQuery, results, request);
}

async function askForRows(
  runQuery: RunHuntingQuery,
  results: ResultStore,
  request: AskRequest,
): Promise<Asked> {
  const { run, context } = request;
  const writer = results.openPart(run.tenantId, run.huntId);
  const most = context.maxRows - run.rows;
  let rows = 0;
  let isCut = false;
  const takeRow: TakeRow = async (row) => {
    if (rows === most) {
      isCut = true;
      return false;
    }
    rows++;
    await writer.add(row);
    return true;
  };
  try {
    const { columns } = await runQuery(toQuery(request), takeRow);
    const chunks = await writer.finish();
    const { bytes, blob, discard } = writer;
    return {
      outcome: { kind: 'rows', rows, bytes, columns, isCut },
      part: { blob, chunks, discard },
    };
  } catch (error) {
    await writer.discard();
    return { outcome: toProblem(error), part: undefined };
  }
}

async function askForBins(runQuery: RunHuntingQuery, request: AskRequest): Promise<Asked> {
  const bins: CountedBin[] = [];
  try {
    await runQuery(toQuery(request), (row) => {
      const bin = findBin(row);
      if (bin) bins.push(bin);
      return bins.length < MAX_BINS;
    });
    return { outcome: { kind: 'bins', bins }, part: undefined };
  } catch (error) {
    return { outcome: toProblem(error), part: undefined };
  }
}

function toQuery({ run, context, accessToken, signal }: AskRequest) {
  const { span } = context;
  // Parts of one query have to look at the same time, however long they take.
  const isWhole = run.plan.kind === 'whole' || run.plan.kind === 'limited';
  const asks = isWhole && context.isOpen ? undefined : span;
  return {
    accessToken,
    query: toStepQuery(run.plan, context),
    timespan: asks && [asks.from, asks.to].map((time) => new Date(time).toISOString()).join('/'),
    signal,
  };
}

const binSchema = v.object({
  [BIN_COLUMN]: v.string(),
  [COUNT_COLUMN]: v.pipe(v.unknown(), v.transform(Number), v.number()),
});

/** A bin without a time holds rows that no span finds. */
function findBin(row: string): CountedBin | undefined {
  const parsed = v.safeParse(binSchema, JSON.parse(row));
  if (!parsed.success) return undefined;
  const at = Date.parse(parsed.output[BIN_COLUMN]);
  return Number.isNaN(at) ? undefined : { at, rows: parsed.output[COUNT_COLUMN] };
}

function toProblem(error: unknown): AskOutcome {
  if (!(error instanceof HuntingApiError)) throw error;
  return { kind: 'problem', problem: error.problem };
}
