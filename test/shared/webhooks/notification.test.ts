import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toChangeJson } from '../../../functions/incidents/list-changes.ts';
import type { SequencedChange } from '../../../shared/incidents/feed/change-feed.ts';
import type { Incident } from '../../../shared/incidents/incident.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { toNotification } from '../../../shared/webhooks/delivery/notification.ts';
import { runs } from '../../support/runs.ts';
import { makeIncident } from '../incidents/api-set-up.ts';
import { createMemoryFeed } from '../incidents/memory.ts';
import { createWebhookEnvironment } from './environment.ts';

const TENANT = '11111111-0000-4000-8000-000000000000';
const KIB = 1024;

/** The notification of an incident that changed, as a receiver gets it. */
async function notify(fields: Partial<Incident>) {
  const { feed } = createMemoryFeed();
  const incident = { ...makeIncident(TENANT, 1), ...fields };
  await feed.append([{ kind: 'updated', incident, recordedAt: 0 }]);
  const parts = {
    changeFeed: feed,
    access: {
      ensureCurrent: () => undefined,
      findReadable: (_: unknown, id: string) => Promise.resolve(createTenant(id, 0)),
    },
    toChangeJson: (change: SequencedChange) =>
      toChangeJson(change, 'https://security.microsoft.com'),
  };
  const entry = { sequence: 1, feedSequence: 1, recordedAt: 0 };
  return (await toNotification(parts, await (await createWebhookEnvironment()).read(), entry)).body;
}

function comments(count: number, text: string): Pick<Incident, 'comments'> {
  const createdAt = makeIncident(TENANT, 1).createdAt;
  const comment = (n: number) => ({ comment: `${n} ${text}`, createdBy: 'a@b.example', createdAt });
  return { comments: Array.from({ length: count }, (_, n) => comment(n + 1)) };
}

test('an incident with many comments is told whole up to 256 KiB', async () => {
  const body = await notify(comments(200, 'x'.repeat(KIB)));
  expect(JSON.parse(body).change.incident.comments).toHaveLength(200);
});

test('beyond 256 KiB it is told with its last ten comments', async () => {
  const body = await notify(comments(5000, 'the same again'.repeat(70)));
  const { change } = JSON.parse(body);
  const first = change.incident.comments.map(({ comment }: { comment: string }) =>
    comment.slice(0, 4),
  );
  expect(first).toEqual(Array.from({ length: 10 }, (_, n) => String(4991 + n)));
  expect(change).toMatchObject({ sequence: 1, kind: 'updated', incident: { tenant_id: TENANT } });
});

const text = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const long = fc.tuple(text(20), fc.integer({ min: 1, max: 20_000 }));
const longs = fc.array(
  long.map(([part, times]) => part.repeat(times)),
  { maxLength: 20 },
);

test('whatever an incident holds, a body is no longer than 256 KiB', async () => {
  await fc.assert(
    fc.asyncProperty(longs, fc.constantFrom('x', '\u0001', '漢', '😀'), async (tags, filler) => {
      const many = comments(300, filler.repeat(2000));
      const body = await notify({ ...many, tags, name: tags.join('') + filler.repeat(9999) });
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(256 * KIB);
    }),
    { numRuns: runs(10) },
  );
});
