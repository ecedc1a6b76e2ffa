import * as v from 'valibot';
import type { IncidentComment } from '../incidents/incident.ts';
import { findInstant, type Instant } from '../incidents/instant.ts';
import { toWord } from './words.ts';

/*
 * Only the id and the time of the last update are needed to keep an incident: without them it can't
 * be stored under its key, nor compared with its other versions. Every other field is an ornament.
 * One that can't be read is left out, and the incident stays: `tags: [null, "vip"]` reads as
 * `["vip"]`, a number as severity as `unknown`. What the API said stands in the raw JSON.
 */

const INCIDENT_ID = /^[1-9]\d{0,18}$/;

/** Whether a text is an incident's id in its only form: decimal digits without leading zeros. */
export function isIncidentId(text: string): boolean {
  return INCIDENT_ID.test(text);
}

/**
 * An id as text or as a number; one that a number can't hold exactly would name another incident.
 */
export const idSchema = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.transform(String))]),
  v.regex(INCIDENT_ID),
);

/** The needed time: a date-time of OData. The APIs count in UTC, which one without a zone is in. */
export const instantSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    const instant = findUtcInstant(dataset.value);
    if (instant) return instant;
    addIssue({ message: 'This is no date-time.' });
    return NEVER;
  }),
);

/**
 * A field that never fails: what it reads of a value that is missing is what it reads of an empty
 * text.
 */
function ornament<T>(read: (value: unknown) => T) {
  return v.optional(v.pipe(v.unknown(), v.transform(read)), '');
}

/** Another incident's id; `undefined` when it is missing, `0`, empty or unreadable. */
const optionalIdSchema = ornament((value) => findOutput(idSchema, value));

/** Another time; `undefined` when it is missing or unreadable. */
export const optionalInstantSchema = ornament(findInstantIn);

/** A text, empty when it is missing or none. */
export const textSchema = ornament(toText);

/** A text, `undefined` when it is missing, empty or none. */
const optionalTextSchema = ornament(findText);

/** A member of an open set, in Graph's words; `unknown` when it is missing or no text. */
const wordSchema = ornament((value) => toWord(toText(value)));

/** The tags that analysts gave; entries that are no text are left out. */
export const tagsSchema = ornament((value) => toEntries(value).filter(isText));

/** How many alerts an incident came with; `undefined` when it came without a list of them. */
const alertCountSchema = ornament((value) => (Array.isArray(value) ? value.length : undefined));

/** Comments, in the words of either API; entries that are no comment are left out. */
const commentsSchema = ornament((value) => toEntries(value).flatMap(toComments));

const entrySchema = v.looseObject({});

function toComments(value: unknown): readonly IncidentComment[] {
  const entry = Array.isArray(value) ? undefined : findOutput(entrySchema, value);
  if (!entry) return [];
  return [
    {
      comment: toText(entry.comment),
      createdBy: findText(entry.createdBy) ?? findText(entry.createdByDisplayName),
      createdAt: findInstantIn(entry.createdTime) ?? findInstantIn(entry.createdDateTime),
    },
  ];
}

function findOutput<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): v.InferOutput<S> | undefined {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : undefined;
}

function findInstantIn(value: unknown): Instant | undefined {
  return isText(value) ? findUtcInstant(value) : undefined;
}

function toEntries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toText(value: unknown): string {
  return isText(value) ? value : '';
}

function findText(value: unknown): string | undefined {
  return toText(value) || undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function findUtcInstant(text: string): Instant | undefined {
  return findInstant(text) ?? findInstant(`${text}Z`);
}

/** What both APIs call the same. */
export const COMMON_FIELDS = {
  redirectIncidentId: optionalIdSchema,
  severity: wordSchema,
  status: wordSchema,
  classification: wordSchema,
  determination: wordSchema,
  assignedTo: optionalTextSchema,
  comments: commentsSchema,
  alerts: alertCountSchema,
};
