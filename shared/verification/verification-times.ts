import { toDelayMs } from '../retry/delay.ts';
import type { Verification } from '../tenants/tenant.ts';
import { MINUTE } from '../time.ts';

/**
 * Roles can lag minutes behind a consent ("First token after admin consent", several public
 * threads).
 */
const MAX_PROOF_MS = 15 * MINUTE;

/** A proof under way, to be looked at now and for a quarter of an hour. */
export function startVerification(now: number): Verification {
  return { startedAt: now, until: now + MAX_PROOF_MS, nextAt: now, attempt: 0 };
}

/** The next look; past the end only while Entra is in the way, and then slowly. */
export function toNext(verification: Verification, now: number): Verification {
  const isLate = now >= verification.until;
  const attempt = verification.attempt + 1;
  const delay = isLate ? toDelayMs('verification.late') : toDelayMs('verification', attempt);
  return { ...verification, attempt, nextAt: now + delay };
}
