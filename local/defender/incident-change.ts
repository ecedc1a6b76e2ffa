import * as v from 'valibot';
import { badRequest } from './http/refusal.ts';
import type { Incident, IncidentChange } from './incident.ts';

// "Update incidents API": what may be determined depends on the classification.
const DETERMINATIONS: Readonly<Record<string, readonly string[]>> = {
  TruePositive: [
    'MultiStagedAttack',
    'MaliciousUserActivity',
    'CompromisedAccount',
    'Malware',
    'Phishing',
    'UnwantedSoftware',
    'Other',
  ],
  InformationalExpectedActivity: [
    'SecurityTesting',
    'LineOfBusinessApplication',
    'ConfirmedActivity',
    'Other',
  ],
  FalsePositive: ['Clean', 'NoEnoughDataToValidate', 'Other'],
};

const Fields = v.strictObject({
  status: v.optional(v.picklist(['Active', 'Resolved', 'InProgress', 'Redirected'])),
  assignedTo: v.optional(v.nullable(v.string())),
  classification: v.optional(v.picklist(Object.keys(DETERMINATIONS))),
  determination: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  comment: v.optional(v.string()),
});

// An object schema takes a list for an object without fields.
const Change = v.pipe(
  v.custom<object>((body) => !Array.isArray(body)),
  Fields,
);

/** What a PATCH asks for: fields to change and a comment to append. */
interface RequestedChange {
  readonly change: IncidentChange;
  readonly comment: string | undefined;
}

/** Parses the body of a PATCH; refuses unknown names (they are case-sensitive) and values. */
export function parseChange(body: unknown, incident: Incident): RequestedChange {
  const parsed = v.safeParse(Change, body);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const name = v.getDotPath(issue) ?? 'body';
    throw badRequest(`The value of '${name}' is not valid.`, 'InvalidRequestBody');
  }
  const { comment, ...fields } = parsed.output;
  checkDetermination(fields.determination, fields.classification ?? incident.classification);
  return { change: withoutAbsent(fields), comment };
}

function checkDetermination(determination: string | undefined, classification: string): void {
  if (determination === undefined) return;
  if (DETERMINATIONS[classification]?.includes(determination)) return;
  throw badRequest(
    `The determination '${determination}' does not go with the classification '${classification}'.`,
    'InvalidRequestBody',
  );
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): IncidentChange {
  // The schema above typed each field; dropping the absent ones cannot change that.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
