import { findRefusal } from './refusal.ts';
import { findSplitSource, type Source } from './row-wise.ts';
import { BracketError, type Stage, type Statement, toPipeline, toStatements } from './statement.ts';
import { type Token, TokenError, toTokens } from './token.ts';

/** Bytes of a query: Microsoft Graph takes bodies of about 1 MB. */
const MAX_QUERY_BYTES = 1_000_000;

/** A query that may run. */
export interface ParsedQuery {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The stages of the statement that answers the rows. */
  readonly stages: readonly Stage[];
  /** `undefined`: the rows can't be asked for span by span. */
  readonly splitSource: Source | undefined;
  /** The offset where a further stage goes: after the last one, and before a `render`. */
  readonly end: number;
}

/** What is wrong with a query, and where. Lines and columns begin with 1. */
export interface QueryProblem {
  readonly description: string;
  readonly remedy: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/**
 * Reads a query far enough to know whether it may run and whether its rows can be asked for span by
 * span.
 */
export function parseQuery(text: string): ParsedQuery | QueryProblem {
  if (Buffer.byteLength(text) > MAX_QUERY_BYTES) {
    return toProblem(
      'The query is larger than 1 MB.',
      'Move long lists of values into a table, or hunt in parts.',
    );
  }
  try {
    return readQuery(text);
  } catch (error) {
    if (!(error instanceof TokenError || error instanceof BracketError)) throw error;
    const at = toPosition(text, error.start);
    return toProblem(error.message, 'Correct the query there.', at);
  }
}

/** Whether the query may not run. */
export function isProblem(parsed: ParsedQuery | QueryProblem): parsed is QueryProblem {
  return 'description' in parsed;
}

/** The line and column of an offset, both from 1. */
function toPosition(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function readQuery(text: string): ParsedQuery | QueryProblem {
  const tokens = toTokens(text);
  const statements = toStatements(tokens);
  const refusal = findRefusal(statements);
  if (refusal) {
    return toProblem(refusal.description, refusal.remedy, toPosition(text, refusal.start));
  }
  const [answering, second] = statements.filter(({ kind }) => kind === 'query');
  if (!answering) {
    return toProblem('The query answers no rows.', 'End it with a table or an expression.');
  }
  if (second) {
    const at = toPosition(text, second.tokens[0]?.start ?? 0);
    return toProblem('The query has two results.', 'Hunt for each by itself.', at);
  }
  const pipeline = toPipeline(answering.tokens);
  return {
    text,
    tokens,
    stages: pipeline.stages,
    splitSource: findSplitSource(statements, pipeline),
    end: findEnd(answering, pipeline.stages),
  };
}

/** A picture is for people: `render` has to stay last. */
function findEnd({ tokens }: Statement, stages: readonly Stage[]): number {
  const last = stages.at(-1);
  const isDrawn = last?.operator === 'render';
  const before = isDrawn ? tokens.slice(0, -last.tokens.length - 1) : tokens;
  return before.at(-1)?.end ?? 0;
}

function toProblem(
  description: string,
  remedy: string,
  at?: { line: number; column: number },
): QueryProblem {
  return { description, remedy, line: at?.line, column: at?.column };
}
