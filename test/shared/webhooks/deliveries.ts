import { expect } from 'vitest';
import { createWebhookEnvironment, ID } from './environment.ts';

/** The customer whose changes the subscription's owner may have. */
export const OURS = '11111111-0000-4000-8000-000000000000';
/** A customer that it has no grant for. */
export const OTHER = '22222222-0000-4000-8000-000000000000';

/** A broker of webhooks with one subscription and its receiver. */
export type TestEnvironment = Awaited<ReturnType<typeof createWebhookEnvironment>>;

/** A subscription whose owner has a grant for one customer. */
export async function setUp() {
  const environment = await createWebhookEnvironment();
  environment.granted.add(OURS);
  return environment;
}

/** Every granted change arrived under its number, and no number before the ones below it. */
export function expectNoGap({ sent, changes }: TestEnvironment) {
  const wanted = changes.filter(({ incident }) => incident.tenantId === OURS);
  const seen = new Map(sent.map(({ sequence, change }) => [sequence, change?.sequence] as const));
  const firsts = [...new Set(sent.map(({ sequence }) => sequence))];
  expect(firsts).toEqual(wanted.map((_, index) => index + 1));
  expect(firsts.map((sequence) => seen.get(sequence))).toEqual(wanted.map((one) => one.sequence));
  const contents = new Set(sent.map(({ sequence, change }) => `${sequence} ${change?.sequence}`));
  expect(contents.size).toBe(firsts.length);
}

/** More than a run takes. */
export const STEPS = Array.from({ length: 60 }, (_, n) => n + 1);

/** The pauses of a receiver that is down until it is given up. */
export async function waitForEnd(environment: TestEnvironment): Promise<readonly number[]> {
  const pauses: number[] = [];
  while ((await environment.read()).status === 'active') {
    await environment.start().deliver(ID);
    const { retryState } = await environment.read();
    pauses.push((retryState?.retryAt ?? 0) - environment.clock.now());
    environment.clock.pass(pauses.at(-1) ?? 0);
  }
  return pauses;
}
