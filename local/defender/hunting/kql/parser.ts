import type { TokenCursor } from './cursor.ts';
import type { Pipeline } from './syntax.ts';

/**
 * What reads a query: the words, and the way back to pipelines for those that stand in brackets.
 */
export interface Parser {
  readonly cursor: TokenCursor;
  readonly parsePipeline: () => Pipeline;
}
