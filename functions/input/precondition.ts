import type { HttpRequest } from '@azure/functions';
import type { Precondition } from '../../shared/precondition.ts';
import { toInvalidRequest } from './invalid-request.ts';

/** An entity tag (RFC 9110 section 8.8.3); ours hold no comma. */
const ENTITY_TAG = /^(W\/)?"([\x21\x23-\x2b\x2d-\x7e]*)"$/;

/** A version as an entity tag. */
export function toEntityTag(version: string): string {
  return `"${version}"`;
}

/**
 * On which version of the record the caller decided (RFC 9110 sections 13.1.1 and 13.1.2); throws
 * `invalid_request` for what can't be read: a condition must never be taken for none.
 */
export function readPrecondition({
  headers,
}: Pick<HttpRequest, 'headers'>): Precondition | undefined {
  const ifMatch = headers.get('if-match')?.trim();
  const ifNoneMatch = headers.get('if-none-match')?.trim();
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === '*' && ifMatch === undefined) return { kind: 'new' };
    throw toInvalidRequest('The header If-None-Match is not acceptable.', 'Send * there, or none.');
  }
  if (ifMatch === undefined) return undefined;
  return ifMatch === '*'
    ? { kind: 'exists' }
    : { kind: 'unchanged', versions: parseEntityTags(ifMatch) };
}

/** A weak one is equal to none (RFC 9110 section 8.8.3.2). */
function parseEntityTags(header: string): ReadonlySet<string> {
  const tags = header.split(',').map((tag) => ENTITY_TAG.exec(tag.trim()));
  if (tags.includes(null)) {
    const remedy = 'Send the ETag of the answer that the change was decided on, with its quotes.';
    throw toInvalidRequest('The header If-Match is not acceptable.', remedy);
  }
  return new Set(tags.flatMap((tag) => (tag && !tag[1] ? [tag[2] ?? ''] : [])));
}
