import { createHash } from 'node:crypto';
import type { Incident } from './incident.ts';
import { toContent } from './incident-content.ts';
import { shorten } from './shorten.ts';

/**
 * Tells versions of incidents apart: the same for the same content of the same incident, whichever
 * API it was read from, whether in a list, in the feed or in a notification; another one when
 * anything of it changed. 22 characters of base64url.
 */
export function toDedupKey(incident: Incident): string {
  // Lists hold of a large incident what is left when it is shortened.
  const fields = Object.entries(toContent(shorten(incident)));
  const text = JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
