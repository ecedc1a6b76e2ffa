import * as v from 'valibot';
import type { AuditEvent } from '../../shared/audit/audit-event.ts';
import { parseEventJson } from '../../shared/audit/chain/event-json.ts';
import {
  type ChainPlace,
  type ChainProblem,
  walkChain,
} from '../../shared/audit/chain/verify-chain.ts';

/**
 * An event by number and hash, as it is known from outside of the export: from the log, or from the
 * API's `chain`.
 */
export type KnownPlace = ChainPlace;

/** What an export shows. */
export interface ExportReport {
  readonly count: number;
  readonly first: number | undefined;
  readonly last: ChainPlace | undefined;
  /** `undefined`: the chain holds. */
  readonly problem: ChainProblem | undefined;
  /** Known events that the export does not have, or has with another hash. */
  readonly missing: readonly KnownPlace[];
}

const pageSchema = v.looseObject({
  value: v.array(v.unknown()),
  chain: v.optional(v.looseObject({ head_sequence: v.number(), head_hash: v.string() })),
});
const placeSchema = v.looseObject({ sequence: v.number(), hash: v.string() });

/**
 * Reads an export: pages of `GET /audit/acts`, or an event a line, in any order. Throws for what is
 * neither.
 */
export function parseExport(text: string): {
  readonly events: readonly AuditEvent[];
  readonly heads: readonly KnownPlace[];
} {
  const events: AuditEvent[] = [];
  const heads: KnownPlace[] = [];
  for (const document of parseDocuments(text)) {
    const page = v.safeParse(pageSchema, document);
    if (!page.success) events.push(parseEventJson(document));
    else events.push(...page.output.value.map(parseEventJson));
    const chain = page.success ? page.output.chain : undefined;
    if (chain) heads.push({ sequence: chain.head_sequence, hash: chain.head_hash });
  }
  return { events, heads };
}

/** The lines `audit.recorded` of a log, one JSON a line; other lines are passed over. */
export function parseLogLines(text: string): readonly KnownPlace[] {
  return text.split('\n').flatMap((line) => {
    if (!line.includes('audit.recorded')) return [];
    const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), placeSchema), line);
    return success ? [{ sequence: output.sequence, hash: output.hash }] : [];
  });
}

/**
 * Walks over an export. It needs no key: who could make up a fitting chain can't make up the hashes
 * that left with the log, so `known` says whether it is the broker's.
 */
export function verifyExport(
  events: readonly AuditEvent[],
  known: readonly KnownPlace[],
): ExportReport {
  // Pages may overlap.
  const ordered = [...new Map(events.map((event) => [event.sequence, event])).values()];
  ordered.sort((one, other) => one.sequence - other.sequence);
  const [first] = ordered;
  // Older events were removed by age, or not exported: the chain begins behind them.
  const after = first && { sequence: first.sequence - 1, hash: first.previousHash };
  const walk = first?.sequence === 1 ? walkChain() : walkChain(after);
  for (const event of ordered) walk.take(event);
  const hashes = new Map(ordered.map(({ sequence, hash }) => [sequence, hash]));
  const from = first?.sequence ?? 0;
  const missing = known.filter(
    ({ sequence, hash }) => sequence >= from && hashes.get(sequence) !== hash,
  );
  return {
    count: walk.count,
    first: first?.sequence,
    last: first && walk.last,
    problem: walk.problem,
    missing,
  };
}

function parseDocuments(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line): unknown => JSON.parse(line));
  }
}
