import { toShuffledRank } from '../random.ts';

/** In what answers of the same API differ; documents and public threads show all of these. */
export interface Quirks {
  /** `name` and `type`, or `Name` and `Type`. */
  readonly schemaCase: 'lower' | 'upper';
  /** Names of types as .NET has them, or as Kusto has. */
  readonly typeNames: 'net' | 'kusto';
  /** Keys of rows as the schema has them, or with a small first letter. */
  readonly keyCase: 'same' | 'camel';
  /** Values that are not there are `null`, or their keys are not there. */
  readonly nulls: 'null' | 'absent';
  /** `X@odata.type` beside long numbers. */
  readonly annotates: boolean;
  /** Truth as `true` and `false`, or as 1 and 0. */
  readonly truth: 'bool' | 'sbyte';
}

const ALL: readonly [Quirks, ...Quirks[]] = [
  {
    schemaCase: 'lower',
    typeNames: 'net',
    keyCase: 'same',
    nulls: 'null',
    annotates: false,
    truth: 'sbyte',
  },
  {
    schemaCase: 'upper',
    typeNames: 'net',
    keyCase: 'camel',
    nulls: 'absent',
    annotates: true,
    truth: 'bool',
  },
  {
    schemaCase: 'lower',
    typeNames: 'kusto',
    keyCase: 'same',
    nulls: 'absent',
    annotates: true,
    truth: 'bool',
  },
];

/** The quirks of a customer's answers: always the same for one, and another for the next. */
export function toUsualQuirks(tenantId: string): Quirks {
  return ALL[toShuffledRank(tenantId) % ALL.length] ?? ALL[0];
}
