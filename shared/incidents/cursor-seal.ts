import * as v from 'valibot';
import type { Seal, SealProblem } from '../crypto/seal.ts';
import { BrokerError } from '../errors.ts';
import { DAY } from '../time.ts';

/** The routes that answer cursors. */
type CursorKind = 'incidents' | 'incident-changes';

/**
 * Encrypts where a reader stands: the position may name a tenant that its caller may not see, and
 * can't be made up. What it may read is decided at each read.
 */
export interface CursorSeal {
  seal(kind: CursorKind, position: string): Promise<string>;
  /** The position; throws `invalid_request` that tells what is wrong with the cursor. */
  open(kind: CursorKind, cursor: string): Promise<string>;
}

const cursorSchema = v.object({ kind: v.string(), at: v.string() });

/** As long as changes are kept. */
const MAX_CURSOR_AGE_MS = 30 * DAY;

/**
 * Creates the seal of cursors. `deployment` is what tells this one from others with the same ring.
 */
export function createCursorSeal({
  seal,
  deployment,
  now,
}: {
  seal: Seal;
  deployment: string;
  now: () => number;
}): CursorSeal {
  const context = { deployment };
  return {
    seal: (kind, position) => {
      const binding = { context, expiresAt: now() + MAX_CURSOR_AGE_MS };
      return seal.seal('incident cursor', { kind, at: position }, binding);
    },
    async open(kind, cursor) {
      const opened = await seal.open('incident cursor', cursor, context);
      if ('problem' in opened) throw toProblemError(opened.problem);
      const read = v.safeParse(cursorSchema, opened.value);
      if (!read.success) throw toForeignError();
      if (read.output.kind === kind) return read.output.at;
      throw toCursorError('is of another route', 'Send it where it came from.');
    },
  };
}

/** For a cursor that this deployment has not made, or made under a key that it no longer has. */
export function toForeignError(): BrokerError {
  const remedy = 'Begin again: without cursor, or with since.';
  return toCursorError('is of another deployment, or its key is gone', remedy);
}

/** For a cursor that can't be used. */
export function toCursorError(what: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', `The parameter cursor ${what}.`, {
    owner: 'caller',
    remedy,
  });
}

function toProblemError(problem: SealProblem): BrokerError {
  if (problem === 'expired') {
    return toCursorError('is older than 30 days', 'Begin again: without cursor, or with since.');
  }
  if (problem !== 'invalid') return toForeignError();
  return toCursorError('was changed', 'Send next_cursor exactly as it was answered.');
}
