import { expect, test } from 'vitest';
import { OURS, setUp } from './deliveries.ts';
import { createWebhookEnvironment, ID } from './environment.ts';

const BLOCKED = { blocked: true };
const DENYING = {
  rules: [{ id: 'no', effect: 'deny', tenants: ['*'], resources: ['*'] }],
} as const;
const ELSEWHERE = { webhookHosts: ['other.example', '*.hooks.example'] };

test.each([
  ['owner_blocked', BLOCKED],
  ['owner_without_grant', DENYING],
  ['host_not_allowed', ELSEWHERE],
])(
  'a subscriber makes no request for 30 days, is blocked, or loses its grants: %s',
  async (problem, change) => {
    const environment = await setUp();
    await environment.append(OURS, 3);
    if (environment.owner.grants)
      environment.owner.grants = { ...environment.owner.grants, ...change };
    await environment.start().deliver(ID);
    expect(environment.sent).toEqual([]);
    expect(await environment.read()).toMatchObject({
      status: 'suspended',
      leaseUntil: undefined,
      retryState: { problem },
    });
  },
);

test('an owner that is blocked in the middle of a run gets no further notification', async () => {
  const environment = await setUp();
  await environment.append(OURS, 3);
  environment.receiver.meanwhile = () => {
    if (environment.owner.grants)
      environment.owner.grants = { ...environment.owner.grants, blocked: true };
  };
  await environment.start().deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1]);
  expect(await environment.read()).toMatchObject({ status: 'suspended', delivered: 1 });
});

test('a subscription whose owner has not come for 30 days ends, also where nothing waits', async () => {
  const environment = await createWebhookEnvironment({ expiresAt: 0 });
  await environment.start().dispatch();
  expect(await environment.read()).toMatchObject({
    status: 'suspended',
    retryState: { problem: 'expired' },
  });
});

test('an owner without any record ends its subscription, in audit mode it goes on', async () => {
  const environment = await setUp();
  const { owner, owners } = environment;
  const subscription = await environment.read();
  if (owner.grants) owner.grants = { ...owner.grants, mode: 'audit', rules: [] };
  expect(await owners.findStop(subscription)).toBeUndefined();
  owner.grants = undefined;
  expect(await owners.findStop(subscription)).toBe('owner_without_grant');
});

test('a block of the application through which a person subscribed ends the subscription', async () => {
  const environment = await createWebhookEnvironment({ clientId: 'agent' });
  const { applications, owner, owners } = environment;
  const subscription = await environment.read();
  expect(await owners.findStop(subscription)).toBeUndefined();
  if (owner.grants) applications.set('agent', { ...owner.grants, blocked: true });
  expect(await owners.findStop(subscription)).toBe('owner_blocked');
  expect(await owners.findStop({ ...subscription, clientId: 'console' })).toBeUndefined();
});
