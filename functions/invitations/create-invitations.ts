import * as v from 'valibot';
import { settleAll } from '../../shared/concurrency.ts';
import { BrokerError, toErrorBody, toStatus } from '../../shared/errors.ts';
import { toInvalidRequest } from '../input/invalid-request.ts';
import { parseInput } from '../input/parse-input.ts';
import { type ApiCall, apiRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { invitationRequestSchema, inviteOne } from './invitation-body.ts';
import { toLinkJson } from './invitation-json.ts';

const MAX_BATCH_COUNT = 100;

/** Domains are looked up at Entra: a hundred at the same time would be throttled. */
const CONCURRENCY = 5;

/** The body of a batch; each entry is looked at by itself. */
const invitationBatchSchema = v.strictObject({
  invitations: v.pipe(
    // A list has to be told from an object first: to the schema of an object it would be an empty
    // one.
    v.array(v.union([v.array(v.unknown()), invitationRequestSchema, v.unknown()])),
    v.minLength(1),
    v.maxLength(MAX_BATCH_COUNT),
  ),
});

/**
 * `POST /invitations/batch`: many links at once, each with a result or an error of its own, in the
 * order of the request.
 */
export const createInvitations = apiRoute({
  id: 'createInvitations',
  method: 'POST',
  path: 'api/invitations/batch',
  role: 'Tenants.Manage',
  summary: 'Make up to 100 links at once: one result or error each, in the order of the request.',
  body: invitationBatchSchema,
  examples: {
    two: {
      summary: 'For two tenants',
      value: { invitations: [{ tenant: 'contoso.example' }, { note: 'Whoever opens it' }] },
    },
  },
  answers: { 207: 'InvitationBatch' },
  errors: ['invalid_request'],
  handle: async ({ body, ...call }, services) => {
    const inviteEntry = async (entry: unknown) =>
      await inviteOne(parseEntry(entry), call, services);
    const outcomes = await settleAll(body.invitations, CONCURRENCY, inviteEntry);
    const value = outcomes.map((outcome) =>
      outcome.status === 'fulfilled'
        ? { status: 201, ...toLinkJson(outcome.value) }
        : toErrorEntry(outcome.reason, call, services),
    );
    return { status: 207, jsonBody: { value } };
  },
});

function parseEntry(entry: unknown) {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw toInvalidRequest('The entry of invitations is not an object.', 'Send an object.');
  }
  return parseInput(invitationRequestSchema, entry);
}

function toErrorEntry(
  error: unknown,
  { correlationId }: Pick<ApiCall, 'correlationId'>,
  { log }: Services,
) {
  const status = error instanceof BrokerError ? error.status : toStatus('server_error');
  if (status >= 500) log.error('invitation.failed', { cause: toCauseName(error) });
  return { status, ...toErrorBody(error, correlationId) };
}

function toCauseName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
