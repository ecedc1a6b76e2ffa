import type { Pipeline } from './syntax.ts';
import type { Column, KqlType, Relation, Row, Value } from './value.ts';

/** An expression whose names are found: its type, and its value for a row. */
export interface Compiled {
  readonly type: KqlType;
  readonly evaluate: (row: Row) => Value;
}

/** What names stand for where an expression is. */
export interface Scope {
  readonly columns: readonly Column[];
  readonly findScalar: (name: string) => Compiled | undefined;
  readonly runPipeline: (pipeline: Pipeline) => Relation;
  /** 100 ns ticks since 1970. */
  readonly now: bigint;
  /** The stage that the expression is in, as errors name it. */
  readonly operator: string;
}
