import { SHORT_TOKEN_SECONDS } from '../../sandbox/scenarios.ts';
import { type Customer, type DemoContext, runTimer } from '../context.ts';
import { DemoError } from '../demo-error.ts';
import type { Notes } from '../progress.ts';
import { getToken, toShort } from './tokens.ts';

/** The local host looks into an idle queue every two seconds; as much again for a busy machine. */
const UNTIL_TAKEN = 4000;

/**
 * Runs the timer when a token is due and asserts that the broker replaced it before anybody asked.
 */
export async function watchRefresh(
  context: DemoContext,
  customer: Customer,
  notes: Notes,
): Promise<void> {
  const { hash, refreshAt } = await getToken(context, customer, customer.domain);
  const wait = refreshAt - Date.now();
  if (wait > SHORT_TOKEN_SECONDS * 1000) {
    throw new DemoError(
      `Expected: a token that lives ${SHORT_TOKEN_SECONDS} s\n` +
        `Got: one that is due for refresh only in ${Math.round(wait / 1000)} s`,
    );
  }
  notes.report(
    `${customer.name}'s tokens live ${SHORT_TOKEN_SECONDS} s; ${toShort(hash)} is due in ${toSeconds(wait)}`,
  );
  await context.pause(Math.max(0, wait) + 100);
  await runTimer(context, 'refreshTokens');
  notes.report('The timer runs: it finds what is due and queues it');
  await context.pause(UNTIL_TAKEN);
  await expectReplaced(context, customer, { hash, notes });
}

async function expectReplaced(
  context: DemoContext,
  customer: Customer,
  { hash, notes }: { readonly hash: string; readonly notes: Notes },
): Promise<void> {
  const askedAt = Date.now();
  const fresh = await getToken(context, customer, customer.domain);
  const before = askedAt - (fresh.expiresAt - SHORT_TOKEN_SECONDS * 1000);
  if (fresh.hash === hash || before <= 0) {
    const got = fresh.hash === hash ? 'the old one' : 'one issued for this request';
    throw new DemoError(`Expected: a token that the timer had replaced\nGot: ${got}`);
  }
  notes.note(
    `Token ${toShort(hash)} is ${toShort(fresh.hash)} now, issued ${toSeconds(before)} before anybody asked`,
  );
}

function toSeconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
