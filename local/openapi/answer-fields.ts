import * as v from 'valibot';

/** A time (ISO 8601, UTC). */
export const instant = v.pipe(v.string(), v.isoTimestamp());

/** A GUID. */
export const guid = v.pipe(v.string(), v.uuid());

/** A list of texts. */
export const texts = v.array(v.string());

/** The version of a record. */
export const etag = v.pipe(v.string(), v.description('For If-Match, as it stands.'));

/** Who has to act. */
export const owner = v.picklist(['customer', 'partner', 'microsoft', 'caller']);

/** The body of an error on every route. */
export const errorSchema = v.strictObject({
  error: v.string(),
  error_description: v.string(),
  correlation_id: v.string(),
  owner,
  remedy: v.string(),
  retry_after: v.optional(v.pipe(v.number(), v.integer())),
  consent_url: v.optional(v.string()),
  missing_roles: v.optional(texts),
  problems: v.optional(texts),
  last_change: v.optional(
    v.strictObject({
      by: v.string(),
      by_name: v.optional(v.string()),
      act: v.string(),
      detail: v.optional(v.string()),
      at: instant,
    }),
  ),
});

/** Where the next page begins. */
export const nextCursor = v.optional(v.string());
