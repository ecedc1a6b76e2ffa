import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import type { Customer } from '../../sandbox/customers.ts';
import type { Broker } from '../broker.ts';
import { type DrillEnvironment, SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';
import type { Intruder, StoredRow } from './intruder.ts';

/** Brokers whose storage somebody writes. */
export interface Attacked {
  readonly environment: DrillEnvironment;
  readonly intruder: Intruder;
  readonly brokers: readonly [Broker, Broker];
}

const SERVED = { status: 200 };

/** A revoked invitation that is put back, rewritten, given another pin, or deleted. */
export async function attackInvitation({ environment, intruder, brokers }: Attacked) {
  const [broker, other] = brokers;
  const invited = await broker.call('POST', '/invitations', { note: 'a drill' });
  expectAnswer('an invitation', invited, { status: 201 });
  const { invitation_id, consent_url } = invited.body;
  const invitation = String(new URL(consent_url).searchParams.get('invitation'));
  const partitionKey = createHash('sha256').update(invitation).digest('base64url');
  const id = { partitionKey, rowKey: 'invitation' };
  const open = await intruder.read('invitations', id);
  await broker.call('DELETE', `/invitations/${invitation_id}`);
  const revoked = await intruder.read('invitations', id);
  const { revokedAt: _, ...rewritten } = revoked;
  const attacks: readonly (readonly [string, StoredRow | undefined])[] = [
    ['put back', open],
    ['rewritten', rewritten],
    ['given another pin', { ...revoked, tenantId: environment.partner.directory.homeTenantId }],
    ['deleted', undefined],
  ];
  const page = `/api/consent/start?${new URLSearchParams({ invitation })}`;
  for (const [what, row] of attacks) {
    await intruder.put('invitations', id, row);
    const statuses = await Promise.all(
      brokers.map(async ({ url }) => (await fetch(`${url}${page}`)).status),
    );
    expectSame(`the page of a revoked invitation that was ${what}`, statuses, [503, 503]);
  }
  await intruder.put('invitations', id, revoked);
  expectSame('the page with the right row', (await fetch(`${other.url}${page}`)).status, 410);
}

/** Who holds the epoch back, changes or deletes it delays no kill switch. */
export async function attackEpoch(
  { environment, intruder, brokers }: Attacked,
  customer: Customer,
) {
  const [broker, other] = brokers;
  const id = { partitionKey: 'epoch', rowKey: 'epoch' };
  const path = `/tenants/${customer.tenant.tenantId}`;
  const older = await intruder.read('epoch', id);
  const attacks: readonly (readonly [string, StoredRow | undefined])[] = [
    ['held back', older],
    ['changed', { ...older, version: 1_000_000 }],
    ['deleted', undefined],
  ];
  for (const [what, row] of attacks) {
    expectAnswer('a token before', await other.ask(customer), SERVED);
    await broker.call('PATCH', path, { status: 'disabled' });
    await intruder.put('epoch', id, row);
    await environment.pass(5 * SECOND);
    for (const asked of brokers) {
      const { body } = await asked.ask(customer);
      expectSame(`the answer with an epoch that was ${what}`, body.error, 'tenant_disabled');
    }
    await broker.call('PATCH', path, { status: 'active' });
    await environment.pass(5 * SECOND);
  }
}

const BOMB_BYTES = 128 * 1024 * 1024;

/** A saved query that unpacks without end is refused; the others go on, and it can be removed. */
export async function plantBomb({ intruder, brokers: [broker] }: Attacked) {
  for (const name of ['bomb', 'healthy']) {
    const saved = await broker.call('PUT', `/queries/${name}`, { query: 'DeviceInfo | take 1' });
    expectAnswer('a saved query', saved, { status: 201 });
  }
  const id = { partitionKey: 'query', rowKey: 'bomb' };
  const bomb = brotliCompressSync(Buffer.alloc(BOMB_BYTES));
  await intruder.put('huntqueries', id, {
    ...(await intruder.read('huntqueries', id)),
    query0: bomb,
  });
  const refused = { status: 503, error: 'integrity', owner: 'partner' };
  expectAnswer('a query that is a bomb', await broker.call('GET', '/queries/bomb'), refused);
  expectAnswer('the query beside it', await broker.call('GET', '/queries/healthy'), SERVED);
  const { body } = await broker.call('GET', '/queries');
  const names = body.value.map(({ name }: { name: string }) => name);
  expectSame('the list without it', names, ['healthy']);
  expectAnswer('its removal', await broker.call('DELETE', '/queries/bomb'), { status: 204 });
}

/** A saved query with another text, or copied to another name, is asked at no customer. */
export async function rewriteSavedQuery({ intruder, brokers: [broker] }: Attacked) {
  const saved = await broker.call('PUT', '/queries/mine', { query: 'DeviceInfo | take 1' });
  expectAnswer('a saved query', saved, { status: 201 });
  const row = await intruder.read('huntqueries', { partitionKey: 'query', rowKey: 'mine' });
  const attacks: readonly (readonly [string, StoredRow])[] = [
    ['mine', { ...row, query0: brotliCompressSync('EmailEvents') }],
    ['planted', row],
  ];
  for (const [name, written] of attacks) {
    await intruder.put('huntqueries', { partitionKey: 'query', rowKey: name }, written);
    const hunt = await broker.call('POST', '/hunts', { saved_query: name });
    const refused = { status: 503, error: 'integrity', owner: 'partner' };
    expectAnswer(`a hunt by the saved query ${name}`, hunt, refused);
    const removed = await broker.call('DELETE', `/queries/${name}`);
    expectAnswer(`the removal of ${name}`, removed, { status: 204 });
  }
}
