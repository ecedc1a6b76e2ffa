import * as v from 'valibot';
import { findInstant, type Instant, toTime } from '../../shared/incidents/instant.ts';

/** A timestamp with any number of fraction digits. */
const timestampSchema = v.pipe(
  v.string(),
  v.check((text) => findInstant(text) !== undefined),
);

/** A timestamp as an instant. */
export const instantSchema = v.pipe(timestampSchema, v.transform(toInstantOf));

/** A timestamp as epoch milliseconds. */
export const timeSchema = v.pipe(
  timestampSchema,
  v.transform((text) => toTime(toInstantOf(text))),
);

/** What both lists may say: a tenant's GUID or domain, and the `next_cursor` of the page before. */
export const pageEntries = {
  tenant: v.optional(v.pipe(v.string(), v.maxLength(253))),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(1000))),
};

/** The id of an incident in a route. */
export const incidentIdSchema = v.object({ id: v.pipe(v.string(), v.regex(/^\d{1,19}$/)) });

function toInstantOf(text: string): Instant {
  // The check before has found it.
  return findInstant(text) as Instant;
}
