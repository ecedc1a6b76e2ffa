import type { Verification } from '../tenants/tenant.ts';

/**
 * Roles can lag minutes behind a consent ("First token after admin consent", several public
 * threads).
 */
export const FIRST_DELAY = 5000;
const MAX_DELAY_MS = 60_000;
const LONGEST = 15 * 60_000;

/** A proof under way, to be looked at now and for a quarter of an hour. */
export function startVerification(now: number): Verification {
  return { startedAt: now, until: now + LONGEST, nextAt: now, attempt: 0 };
}

/** 5, 10, 20, 40, 60 s …; past the end only while Entra is in the way, and then slowly. */
export function toNext(verification: Verification, now: number): Verification {
  const isLate = now >= verification.until;
  const delay = isLate ? LONGEST : Math.min(FIRST_DELAY * 2 ** verification.attempt, MAX_DELAY_MS);
  return { ...verification, attempt: verification.attempt + 1, nextAt: now + delay };
}
