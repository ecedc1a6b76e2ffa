import * as v from 'valibot';
import { findName } from './graph-incident.ts';
import { badRequest } from './http/refusal.ts';
import type { Incident, IncidentChange } from './incident.ts';
import { parseChange } from './incident-change.ts';

const member = v.pipe(
  v.string(),
  v.transform((name) => findName(name) ?? 'NoSuchMember'),
);

// "Update incident", Microsoft Graph v1.0.
const Fields = v.strictObject({
  status: v.optional(member),
  assignedTo: v.optional(v.nullable(v.string())),
  classification: v.optional(member),
  determination: v.optional(member),
  customTags: v.optional(v.array(v.string())),
});

// "Create comment for incident".
const Comment = v.strictObject({
  '@odata.type': v.optional(
    v.picklist(['microsoft.graph.security.alertComment', '#microsoft.graph.security.alertComment']),
  ),
  comment: v.pipe(v.string(), v.nonEmpty()),
});

/** Parses the body of a PATCH in Graph's words; what may be determined is the same in both APIs. */
export function parseGraphChange(body: unknown, incident: Incident): IncidentChange {
  const { customTags, ...same } = parse(Fields, body);
  return parseChange({ ...same, tags: customTags }, incident).change;
}

/** Parses the body of a new comment. */
export function parseGraphComment(body: unknown): string {
  return parse(Comment, body).comment;
}

function parse<const Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success && !Array.isArray(body)) return parsed.output;
  const name = parsed.issues?.[0] && v.getDotPath(parsed.issues[0]);
  throw badRequest(`The value of '${name ?? 'body'}' is not valid.`, 'InvalidRequestBody');
}
