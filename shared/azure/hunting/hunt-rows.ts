import * as v from 'valibot';
import type { Hunt, HuntProgress, ResultPart } from '../../hunting/hunt.ts';
import { VERDICTS } from '../../hunting/verdict.ts';
import { joinParts, packAtOnce, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { columnsSchema, jsonOf, refusalSchema, timeSchema, toDate } from './hunt-json.ts';

/** The rows of one hunt's partition. */
export const HUNT_ROW = 'hunt';
export const PROGRESS_ROW = 'progress';

const PART_PREFIX = 'part~';
const NUMBER_DIGITS = 8;

/** Row keys of parts begin so; what sorts after all of them. */
export const PART_ROWS = { from: PART_PREFIX, to: 'part~~' } as const;

/** The row key of a part. */
export function toPartKey(number: number): string {
  return `${PART_PREFIX}${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

const huntSchema = v.object({
  huntId: v.string(),
  callerId: v.string(),
  clientId: v.optional(v.string()),
  name: v.optional(v.string()),
  savedQuery: v.optional(v.string()),
  boundLines: v.number(),
  from: timeSchema,
  to: timeSchema,
  maxRows: v.number(),
  maxTotalRows: v.number(),
  createdAt: v.date(),
});

/** A hunt as properties of a row, whatever its keys. */
export function toHuntProperties({
  id,
  timespan,
  createdAt,
  ...hunt
}: Hunt): Omit<Row, 'partitionKey' | 'rowKey'> {
  return {
    ...hunt,
    huntId: id,
    from: toDate(timespan?.from),
    to: toDate(timespan?.to),
    createdAt: new Date(createdAt),
  };
}

/** Reads a hunt; throws when the row is none. */
export function parseHunt(row: ReadRow): Hunt {
  const { huntId, clientId, name, savedQuery, from, to, createdAt, ...hunt } = v.parse(
    huntSchema,
    row,
  );
  return {
    ...hunt,
    id: huntId,
    clientId,
    name,
    savedQuery,
    timespan: from === undefined || to === undefined ? undefined : { from, to },
    createdAt: createdAt.getTime(),
  };
}

const verdictsSchema = v.partial(
  v.object(v.entriesFromList(VERDICTS, v.number())),
) as v.GenericSchema<unknown, HuntProgress['verdicts']>;

const progressSchema = v.object({
  total: v.number(),
  started: v.number(),
  waiting: v.number(),
  ended: v.number(),
  lastPart: v.number(),
  rows: v.number(),
  verdicts: jsonOf(verdictsSchema),
  cancelledAt: timeSchema,
  finishedAt: timeSchema,
  refusal: v.optional(jsonOf(refusalSchema)),
});

/** A hunt's progress as a row. */
export function toProgressRow(huntId: string, progress: HuntProgress): Row {
  const { columns, verdicts, cancelledAt, finishedAt, refusal, ...counts } = progress;
  return {
    partitionKey: huntId,
    rowKey: PROGRESS_ROW,
    ...counts,
    verdicts: JSON.stringify(verdicts),
    cancelledAt: toDate(cancelledAt),
    finishedAt: toDate(finishedAt),
    refusal: refusal && JSON.stringify(refusal),
    ...toColumnParts(columns),
  };
}

/** Reads a hunt's progress; throws when the row is none. */
export function parseProgress(row: ReadRow): HuntProgress {
  const { cancelledAt, finishedAt, refusal, ...progress } = v.parse(progressSchema, row);
  return { ...progress, cancelledAt, finishedAt, refusal, columns: parseColumns(row) };
}

const partSchema = v.object({
  partitionKey: v.string(),
  rowKey: v.string(),
  tenantId: v.string(),
  rows: v.number(),
  blob: v.string(),
  chunks: jsonOf(v.array(v.number())),
});

/** A part of the results as a row. */
export function toPartRow({ huntId, number, columns, chunks, ...part }: ResultPart): Row {
  return {
    partitionKey: huntId,
    rowKey: toPartKey(number),
    ...part,
    chunks: JSON.stringify(chunks),
    ...toColumnParts(columns),
  };
}

/** Reads a part; throws when the row is none, or names blobs of another customer or hunt. */
export function parsePart(row: ReadRow): ResultPart {
  const { partitionKey, rowKey, ...part } = v.parse(partSchema, row);
  const [tenantId, huntId, name = '', ...more] = part.blob.split('/');
  const isOwn = tenantId === part.tenantId && huntId === partitionKey && more.length === 0;
  if (!isOwn || !/^[\w-]+$/.test(name)) {
    throw new Error('The part names blobs that are not its own.');
  }
  const number = Number(rowKey.slice(PART_PREFIX.length));
  return { ...part, huntId: partitionKey, number, columns: parseColumns(row) };
}

function toColumnParts(columns: HuntProgress['columns']) {
  return columns.length === 0 ? {} : toParts('columns', packAtOnce(JSON.stringify(columns)));
}

function parseColumns(row: ReadRow): HuntProgress['columns'] {
  const bytes = joinParts('columns', row);
  return bytes ? v.parse(jsonOf(columnsSchema), unpack(bytes)) : [];
}
