import * as v from 'valibot';
import type { Seal } from '../../crypto/seal.ts';
import { BrokerError } from '../../errors.ts';

/** Where a reader of results stands: before a row of a blob of a part. */
export interface ResultPosition {
  /** The part's number; 0: before the first. */
  readonly part: number;
  readonly chunk: number;
  readonly row: number;
  /** Columns that the header named; `undefined`: there was none yet. */
  readonly header: number | undefined;
}

/** Encrypts positions: a cursor is of one hunt, and can't be made up. */
export interface ResultCursors {
  seal(huntId: string, position: ResultPosition): Promise<string>;
  /** Throws `invalid_request` that tells what is wrong with the cursor. */
  open(huntId: string, cursor: string): Promise<ResultPosition>;
}

/** Before the first row. */
export const FIRST_POSITION: ResultPosition = { part: 0, chunk: 0, row: 0, header: undefined };

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positionSchema = v.tuple([wholeNumber, wholeNumber, wholeNumber, v.nullable(wholeNumber)]);

/** Creates the cursors; `deployment` is what tells this one from others with the same ring. */
export function createResultCursors(seal: Seal, deployment: string): ResultCursors {
  const toContext = (hunt: string) => ({ deployment, hunt });
  return {
    seal: (huntId, { part, chunk, row, header }) =>
      seal.seal('hunt cursor', [part, chunk, row, header ?? null], { context: toContext(huntId) }),
    async open(huntId, cursor) {
      const opened = await seal.open('hunt cursor', cursor, toContext(huntId));
      const read = v.safeParse(positionSchema, 'value' in opened ? opened.value : undefined);
      if (!read.success) throw toCursorError();
      const [part, chunk, row, header] = read.output;
      return { part, chunk, row, header: header ?? undefined };
    },
  };
}

function toCursorError(): BrokerError {
  return new BrokerError(
    'invalid_request',
    'The parameter cursor was changed, or is not of this hunt.',
    {
      owner: 'caller',
      remedy: 'Follow the Link header as it was answered, or begin without cursor.',
    },
  );
}

/** For a CSV whose header is on its first page: columns that came later have no place in it. */
export function toColumnsError(): BrokerError {
  return new BrokerError(
    'invalid_request',
    'The parameter cursor is of a table that has got further columns since its header was read.',
    { owner: 'caller', remedy: 'Begin again without cursor, or read NDJSON.' },
  );
}
