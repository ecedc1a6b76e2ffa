import * as v from 'valibot';
import { CHECKED_TABLES } from '../../shared/audit/row-state.ts';
import { apiRoute } from '../route.ts';
import { toIntegrityJson } from './integrity-json.ts';

/** More at once is a restore: then say `all`. */
const MAX_ROWS = 100;

/** SHA-256 in base64url. */
const DIGEST_LENGTH = 43;

/**
 * The body: which rows, by the names of a check; `ledger` begins another one, `discard` removes
 * entries of the feed and of outboxes instead of taking them.
 */
const acceptanceSchema = v.pipe(
  v.strictObject({
    rows: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            table: v.picklist(CHECKED_TABLES),
            key: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
            digest: v.optional(v.pipe(v.string(), v.length(DIGEST_LENGTH))),
          }),
        ),
        v.maxLength(MAX_ROWS),
      ),
      [],
    ),
    all: v.optional(v.literal(true)),
    ledger: v.optional(v.literal(true)),
    discard: v.optional(v.literal(true)),
  }),
  v.check(({ rows, all, ledger }) => rows.length > 0 || all === true || ledger === true),
  v.check(({ ledger, discard }) => !(ledger && discard)),
);

/** `POST /integrity/accept`: takes rows as they stand, by an operator's word. */
export const acceptRows = apiRoute({
  id: 'acceptRows',
  method: 'POST',
  path: 'api/integrity/accept',
  role: 'Policy.Manage',
  repairsLedger: true,
  summary:
    'Take rows that are not believed as they stand: after an upgrade, a restore, or an attack that you have looked at.',
  body: acceptanceSchema,
  examples: {
    rows: {
      summary: 'One caller, whose grants you have checked in the storage account',
      value: {
        rows: [
          {
            table: 'callers',
            key: '4f9c2d2e-6a55-4b0e-9c3f-2f1f0c1c7a10',
            digest: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
          },
        ],
      },
    },
    all: {
      summary:
        'Every row that is not believed. Add "ledger": true only where the ledger is gone or damaged, as after the upgrade from a version without authenticated rows',
      value: { all: true },
    },
    discard: {
      summary:
        'Removes a change that somebody put into the feed. With "all": every entry of the feed and of outboxes that is not believed',
      value: {
        rows: [
          {
            table: 'incidentchanges',
            key: 'feed|0000000000000042',
            digest: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
          },
        ],
        discard: true,
      },
    },
  },
  answers: { 200: 'AcceptedRows' },
  errors: ['invalid_request'],
  handle: async ({ body, caller, correlationId }, services) => {
    const { accepted, unreadable, report } = await services.integrity.accept({
      rows: body.all ? 'all' : body.rows.map((row) => ({ ...row, digest: row.digest })),
      ledger: body.ledger ?? false,
      discard: body.discard ?? false,
      actor: caller.id,
      correlationId,
    });
    return { jsonBody: { accepted, unreadable, ...toIntegrityJson(report) } };
  },
});
