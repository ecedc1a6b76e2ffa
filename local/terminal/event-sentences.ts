/** The fields of one line of the app's log. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Names for the ids that the log holds. */
export interface Names {
  readonly tenant: (id: unknown) => string;
  readonly caller: (id: unknown) => string;
}

/** How a line is shown. */
type Tone = 'good' | 'plain' | 'bad';

/** What happened, in one sentence. */
export interface Sentence {
  readonly tone: Tone;
  readonly text: string;
}

/** Tells an event in plain words; `undefined`: it is not worth a line. */
type Tell = (fields: EventFields, names: Names) => Sentence | undefined;

const STATUSES: Readonly<Record<string, readonly [Tone, string]>> = {
  active: ['good', 'is active: fresh tokens prove its consent.'],
  partial: ['bad', 'is partial: a required role is missing.'],
  verifying: ['plain', 'consented; the broker looks for its roles.'],
  consent_revoked: ['bad', 'withdrew its consent.'],
  disabled: ['bad', 'is disabled: nobody gets its tokens.'],
  offboarded: ['plain', 'is offboarded: everything about it was removed.'],
};

/** What callers do that is worth a line, by the name of the function. */
const DEEDS: Readonly<Record<string, string>> = {
  createInvitation: 'made an invitation',
  approveInvitation: 'approved an invitation',
  revokeInvitation: 'revoked an invitation',
  patchTenant: 'changed',
  verifyTenant: 'had the consent proven again of',
  offboardTenant: 'offboarded',
  putCaller: "set a caller's grants",
  deleteCaller: "removed a caller's grants",
  patchIncident: 'changed an incident of',
  createSubscription: 'subscribed to webhooks',
  deleteSubscription: 'ended a webhook subscription',
  createHunt: 'started a hunt',
};

const TOKEN_ROUTES = new Set(['issueToken', 'standardToken', 'standardTokenV1']);
const FROM: Readonly<Record<string, string>> = { entra: 'from Entra', table: 'from storage' };

const OWNERS: Readonly<Record<string, string>> = {
  customer: 'the customer',
  partner: 'the partner',
  microsoft: 'Microsoft',
  caller: 'the caller',
};

const SEE_LOG = '--verbose shows the log.';

/** The events that are told, by name; those in `SILENT` never are, and others only as a warning. */
export const SENTENCES: Readonly<Record<string, Tell>> = {
  'tenant.status': ({ tenant, to }, names) => {
    const [tone, words] = STATUSES[String(to)] ?? ['plain', `is ${to} now.`];
    return { tone, text: `${names.tenant(tenant)} ${words}` };
  },
  'request.completed': tellCompleted,
  'request.refused': (fields, names) => {
    const { status, error, owner } = fields;
    const actor = owner === undefined ? '' : `, ${OWNERS[String(owner)] ?? owner} has to act`;
    return bad(`${toRequest(fields, names)}: ${[status, error].join(' ').trim()}${actor}.`);
  },
  'request.failed': (fields, names) =>
    bad(`${toRequest(fields, names)}: ${fields.status}. ${fields.description ?? SEE_LOG}`),
  'run.failed': ({ kind, function: name, cause }) =>
    bad(`The ${kind} function ${name} failed (${cause}). ${SEE_LOG}`),
  'console.signed_in': ({ caller }, names) =>
    good(`${names.caller(caller)} signed in to the console.`),
  'console.refused': ({ refusal }) => bad(`A sign-in to the console was refused: ${refusal}.`),
  'consent.refused': ({ refusal }) => bad(`A consent was refused: ${refusal}.`),
  'consent.failed': ({ cause }) => bad(`A consent could not be completed: ${cause}.`),
  'refresh.batch': ({ refreshed, failed }) => tellRefresh(Number(refreshed), Number(failed ?? 0)),
  'credential.in_use': ({ kind, reason }) =>
    reason === 'first' ? undefined : good(`A new client ${kind} is in use.`),
  'credential.not_accepted': ({ kind }) =>
    bad(`Entra does not accept the newest client ${kind}; the one before goes on working.`),
  'credential.unusable': ({ problem }) =>
    bad(`A version of the credential is unusable: ${problem}.`),
  'credential.expiring': ({ days_left: days }) =>
    bad(`The client credential ends in ${days} days.`),
  'tenants.cohort_failing': ({ cause }) =>
    bad(`Many customers fail alike (${cause}), so none of them is demoted.`),
  'token.mismatch': ({ tenant, claim }, names) =>
    bad(`Entra's token for ${names.tenant(tenant)} has the wrong ${claim}: it was thrown away.`),
  'policy.would_deny': ({ caller, tenant }, names) =>
    bad(`${names.caller(caller)} has no grant for ${names.tenant(tenant)}, but is in audit mode.`),
  'webhook.run': ({ delivered }) =>
    Number(delivered) > 0 ? good(`${count(delivered, 'webhook')} delivered.`) : undefined,
  'webhook.suspended': () =>
    bad('A webhook subscription is suspended: its receiver gave no answer.'),
  'queue.message_lost': ({ queue }) => bad(`A message of the queue ${queue} can't be opened.`),
};

/** An event that nobody wrote a sentence for, when it is a warning or an error. */
export function tellUnknown(event: string, fields: EventFields, names: Names): Sentence {
  const { tenant, correlation_id: _id, trace_id: _trace, ...rest } = fields;
  const details = Object.entries(rest).map(([name, value]) => `${name} ${String(value)}`);
  return bad([`${event}${ofTenant(tenant, names)}`, ...details].join(', '));
}

/** "3 tokens" or "1 token". */
function count(number: unknown, noun: string): string {
  return `${number} ${noun}${Number(number) === 1 ? '' : 's'}`;
}

export function good(text: string): Sentence {
  return { tone: 'good', text };
}

export function bad(text: string): Sentence {
  return { tone: 'bad', text };
}

function tellCompleted(fields: EventFields, names: Names): Sentence | undefined {
  const { route, caller, tenant, resource, source, degraded } = fields;
  const who = names.caller(caller);
  if (TOKEN_ROUTES.has(String(route))) {
    const from = FROM[String(source)];
    const what = `a ${resource ?? 'defender-xdr'} token of ${names.tenant(tenant)}`;
    if (degraded) return bad(`${who} got ${what}, an older one: Entra does not answer.`);
    return from === undefined ? undefined : good(`${who} got ${what}, ${from}.`);
  }
  const deed = DEEDS[String(route)];
  if (deed === undefined) return undefined;
  const whom = tenant === undefined ? '' : names.tenant(tenant);
  const joint = whom === '' || /(?:changed|of|offboarded)$/.test(deed) ? ' ' : ' for ';
  return { tone: 'plain', text: `${who} ${deed}${whom === '' ? '' : joint}${whom}.` };
}

function tellRefresh(refreshed: number, failed: number): Sentence | undefined {
  if (failed > 0) return bad(`${count(failed, 'token')} could not be renewed; tried again later.`);
  return refreshed > 0 ? good(`The timer renewed ${count(refreshed, 'token')}.`) : undefined;
}

function toRequest({ route, caller, tenant }: EventFields, names: Names): string {
  const isToken = TOKEN_ROUTES.has(String(route));
  const what = isToken ? `asked for a token` : `called ${route}`;
  return `${names.caller(caller)} ${what}${ofTenant(tenant, names)}`;
}

function ofTenant(tenant: unknown, names: Names): string {
  return tenant === undefined ? '' : ` for ${names.tenant(tenant)}`;
}
