import { createHash } from 'node:crypto';
import { toCursorError } from '../../shared/incidents/cursor-seal.ts';

const FORM = /^([\da-f]{12})\.(.+)$/s;

/** A cursor of the API with the mark of the customer whose changes it continues. */
interface CustomerCursor {
  readonly mark: string;
  readonly cursor: string;
}

/**
 * Marks a cursor of the changes with its customer. The API's own says where in the feed of all
 * customers a reader stands: an agent that sends Contoso's with Fabrikam would miss Fabrikam's
 * changes before that place, and take silence for absence. The mark protects from mistakes, not
 * from attackers: what a caller may read is decided at each read.
 */
export function toCustomerCursor(tenantId: string | undefined, next: string): string | undefined {
  return tenantId === undefined ? undefined : `${toMark(tenantId)}.${next}`;
}

/** Takes a cursor apart; throws `invalid_request` for one that no tool has made. */
export function parseCustomerCursor(text: string | undefined): CustomerCursor | undefined {
  if (text === undefined) return undefined;
  const [, mark, cursor] = FORM.exec(text) ?? [];
  if (mark !== undefined && cursor !== undefined) return { mark, cursor };
  throw toCursorError('was changed', 'Send next_cursor exactly as the tool answered it.');
}

/** Throws `invalid_request` for the cursor of another customer. */
export function assertCustomer(
  parsed: CustomerCursor | undefined,
  tenantId: string | undefined,
): void {
  if (parsed === undefined || (tenantId !== undefined && parsed.mark === toMark(tenantId))) return;
  throw toCursorError(
    'is of another customer',
    'Begin without cursor, then send the next_cursor of this customer.',
  );
}

function toMark(tenantId: string): string {
  return createHash('sha256').update(tenantId).digest('hex').slice(0, 12);
}
