import * as v from 'valibot';

/** Three years: whatever is more is no life of a token. */
const MAX_SECONDS = 1e8;

/**
 * `expires_in` of a token answer in seconds (RFC 6749 section 5.1); the v1 endpoint sends it as
 * text.
 */
export const expiresInSchema = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]),
  v.integer(),
  v.minValue(1),
  v.maxValue(MAX_SECONDS),
);
