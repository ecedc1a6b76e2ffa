import type { KqlType, Value } from './value.ts';

/** An expression that has a value for each row. */
export type Expression =
  | { readonly kind: 'literal'; readonly type: KqlType; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'star' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negated'; readonly of: Expression }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'element'; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: 'in';
      readonly operator: string;
      readonly left: Expression;
      readonly list: readonly Expression[];
      readonly table: Pipeline | undefined;
    }
  | {
      readonly kind: 'between';
      readonly isNegated: boolean;
      readonly of: Expression;
      readonly from: Expression;
      readonly to: Expression;
    }
  | { readonly kind: 'scalar'; readonly of: Pipeline };

/** An expression that a column is made of. */
export interface Named {
  /** `undefined`: the expression says it itself. */
  readonly name: string | undefined;
  readonly of: Expression;
}

/** Whether rows come in this order the wrong way round, and where those without a value go. */
export interface SortKey {
  readonly of: Expression;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

/** A stage of a pipeline. */
export type Operator =
  | { readonly kind: 'where'; readonly of: Expression }
  | { readonly kind: 'project' | 'extend'; readonly columns: readonly Named[] }
  | {
      readonly kind: 'project-away' | 'project-keep' | 'project-reorder';
      readonly patterns: readonly string[];
    }
  | { readonly kind: 'project-rename'; readonly columns: readonly Named[] }
  | { readonly kind: 'summarize'; readonly values: readonly Named[]; readonly by: readonly Named[] }
  | { readonly kind: 'distinct'; readonly columns: readonly Expression[] }
  | { readonly kind: 'top'; readonly count: Expression; readonly by: SortKey }
  | { readonly kind: 'take'; readonly count: Expression }
  | { readonly kind: 'count' }
  | { readonly kind: 'sort'; readonly by: readonly SortKey[] }
  | { readonly kind: 'mv-expand'; readonly column: Named }
  | {
      readonly kind: 'join';
      readonly flavor: string;
      readonly right: Pipeline;
      readonly on: readonly (readonly [left: string, right: string])[];
    }
  | { readonly kind: 'union'; readonly others: readonly Pipeline[] }
  | { readonly kind: 'render' };

/** Where rows come from. */
export type Source =
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'union'; readonly of: readonly Pipeline[] }
  | { readonly kind: 'print'; readonly columns: readonly Named[] }
  | { readonly kind: 'pipeline'; readonly of: Pipeline };

/** A source and what happens to its rows. */
export interface Pipeline {
  readonly source: Source;
  readonly stages: readonly Operator[];
}

/** A name that a query gives to a value or to a pipeline. */
export interface Binding {
  readonly name: string;
  readonly of: { readonly scalar: Expression } | { readonly table: Pipeline };
}

/** A whole query. */
export interface Query {
  readonly lets: readonly Binding[];
  readonly answer: Pipeline;
}
