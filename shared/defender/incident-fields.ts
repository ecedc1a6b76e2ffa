import * as v from 'valibot';
import { findInstant, type Instant } from '../incidents/instant.ts';
import { toWord } from './words.ts';

const INCIDENT_ID = /^[1-9]\d{0,18}$/;

/** Whether a text is an incident's id in its only form: decimal digits without leading zeros. */
export function isIncidentId(text: string): boolean {
  return INCIDENT_ID.test(text);
}

/** An id as text or as a number; one that a number can't hold exactly would name another incident. */
export const idSchema = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.safeInteger(), v.transform(String))]),
  v.regex(INCIDENT_ID),
);

/** A date-time of OData. */
export const instantSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Instant => {
    const instant = findInstant(dataset.value);
    if (instant) return instant;
    addIssue({ message: 'This is no date-time.' });
    return NEVER;
  }),
);

/** A text, empty when it is missing. */
export const textSchema = v.nullish(v.string(), '');

/** A text, `undefined` when it is missing or empty. */
export const optionalTextSchema = v.pipe(
  v.nullish(v.string(), ''),
  v.transform((text) => text || undefined),
);

/** A member of an open set, in Graph's words; `unknown` when it is missing. */
export const wordSchema = v.pipe(v.nullish(v.string(), ''), v.transform(toWord));

/** The tags that analysts gave. */
export const tagsSchema = v.nullish(v.array(v.string()), []);

/** A time that is not worth an incident: `undefined` when it is missing or unreadable. */
export const looseInstantSchema = v.pipe(
  v.nullish(v.string(), ''),
  v.transform((text) => findInstant(text)),
);
