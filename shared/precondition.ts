import { createHash } from 'node:crypto';
import { toCanonicalJson } from './audit/chain/canonical-json.ts';
import { BrokerError } from './errors.ts';

/**
 * On which version of a record somebody decided a change (RFC 9110 section 13.1). `undefined`: on
 * none, so the change counts whatever was there.
 */
export type Precondition =
  /** The record still has one of these versions. */
  | { readonly kind: 'unchanged'; readonly versions: ReadonlySet<string> }
  | { readonly kind: 'exists' }
  /** There is no record yet. */
  | { readonly kind: 'new' };

/** The version of what people decide: equal content has equal versions, in every process. */
export function toVersion(content: unknown): string {
  return createHash('sha256').update(toCanonicalJson(content)).digest('base64url').slice(0, 22);
}

/**
 * Throws `precondition_failed` where the record is no longer what the change was decided on. A
 * change that is there already passes: who did not get the first answer may send it again.
 */
export function assertPrecondition(
  precondition: Precondition | undefined,
  current: string | undefined,
  next: string,
): void {
  if (!precondition || current === next) return;
  if (!isMet(precondition, current)) throw toChangedError();
}

function isMet(precondition: Precondition, current: string | undefined): boolean {
  switch (precondition.kind) {
    case 'unchanged':
      return current !== undefined && precondition.versions.has(current);
    case 'exists':
      return current !== undefined;
    case 'new':
      return current === undefined;
  }
}

function toChangedError(): BrokerError {
  return new BrokerError('precondition_failed', 'The record was changed since it was read.', {
    owner: 'caller',
    remedy: 'Read it again, decide anew, and send its new ETag in If-Match.',
  });
}
