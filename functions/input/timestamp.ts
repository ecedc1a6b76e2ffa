import * as v from 'valibot';
import { findInstant, type Instant, toTime } from '../../shared/incidents/instant.ts';

const HOW = 'Use ISO 8601 with seconds and a zone, as in 2026-11-21T10:00:00Z; write + as %2B.';

/** A timestamp with any number of fraction digits. */
const timestampSchema = v.pipe(
  v.string(),
  v.check((text) => findInstant(text) !== undefined, HOW),
);

/** A timestamp as an instant. */
export const instantSchema = v.pipe(timestampSchema, v.transform(toInstantOf));

/** A timestamp as epoch milliseconds. */
export const timeSchema = v.pipe(
  timestampSchema,
  v.transform((text) => toTime(toInstantOf(text))),
);

function toInstantOf(text: string): Instant {
  // The check before has found it.
  return findInstant(text) as Instant;
}
