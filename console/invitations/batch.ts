import type { InvitationBatch } from '../../docs/client/broker-api.ts';
import { MAILS } from '../../shared/consent/languages/languages.ts';
import { call, toProblem } from '../api.ts';
import { parseTable } from '../csv.ts';
import { guessLanguage, type Link } from './mail.ts';

/** One customer of a pasted list. */
export interface Entry {
  /** GUID or domain. */
  readonly tenant: string;
  readonly name: string;
  readonly note: string;
  readonly language: string;
  /** The line as it was pasted, to keep what was not sent. */
  readonly source: readonly string[];
}

/** What became of one customer. `unknown`: the answer got lost, so the invitation may exist. */
export type EntryResult =
  | { readonly kind: 'waiting' | 'running' }
  | { readonly kind: 'invited'; readonly link: Link }
  | { readonly kind: 'failed' | 'unknown'; readonly text: string };

/** The result of each customer, in the order of the list. */
export type Results = readonly EntryResult[];

/** The operator sees something happen, and a lost answer concerns few customers. */
const CHUNK = 20;

const HEADINGS = new Set(['tenant', 'domain', 'customer', 'tenant_id', 'id', 'kunde', 'cliente']);
const LANGUAGES = new Set(Object.keys(MAILS));

/** Reads a pasted list: tenant, name, note, language; a first line of headings is left out. */
export function parseEntries(text: string): readonly Entry[] {
  const rows = parseTable(text);
  const [first] = rows;
  const isHeading = first !== undefined && HEADINGS.has((first[0] ?? '').toLowerCase());
  return rows.slice(isHeading ? 1 : 0).map((source) => {
    const [tenant = '', name = '', note = '', language = ''] = source;
    const known = LANGUAGES.has(language.toLowerCase());
    return {
      tenant,
      name,
      note,
      language: known ? language.toLowerCase() : guessLanguage(tenant),
      source,
    };
  });
}

/**
 * Invites all, some at a time. It stops where an answer fails as a whole: those after it wait, and
 * those whose answer got lost are not sent again by themselves.
 */
export async function inviteAll(
  entries: readonly Entry[],
  expiresInSeconds: number,
  report: (results: Results) => void,
): Promise<void> {
  let results: EntryResult[] = entries.map(() => ({ kind: 'waiting' }));
  const note = (from: number, part: readonly EntryResult[]) => {
    results = results.toSpliced(from, part.length, ...part);
    report(results);
  };
  for (let from = 0; from < entries.length; from += CHUNK) {
    const chunk = entries.slice(from, from + CHUNK);
    note(
      from,
      chunk.map(() => ({ kind: 'running' })),
    );
    const answered = await inviteChunk(chunk, expiresInSeconds);
    note(from, answered.results);
    if (answered.isBroken) return;
  }
}

async function inviteChunk(
  chunk: readonly Entry[],
  expiresInSeconds: number,
): Promise<{ readonly results: Results; readonly isBroken: boolean }> {
  const invitations = chunk.map((entry) => toBody(entry, expiresInSeconds));
  try {
    const { value } = await call('createInvitations', { body: { invitations } });
    return { results: value.map(toResult), isBroken: false };
  } catch (error) {
    const { isUncertain, title, remedy } = toProblem(error);
    const kind = isUncertain ? 'unknown' : 'failed';
    return { results: chunk.map(() => ({ kind, text: `${title} ${remedy}` })), isBroken: true };
  }
}

/** The body of an invitation; empty words are left out. */
export function toBody(
  { tenant, name, note }: Pick<Entry, 'tenant' | 'name' | 'note'>,
  expiresInSeconds: number,
) {
  const words = { tenant: tenant.trim(), display_name: name.trim(), note: note.trim() };
  const set = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== ''));
  return { ...set, expires_in: expiresInSeconds };
}

function toResult(entry: InvitationBatch['value'][number]): EntryResult {
  if ('consent_url' in entry && 'expires_at' in entry) {
    return { kind: 'invited', link: entry };
  }
  if ('error' in entry) {
    return { kind: 'failed', text: `${entry.error_description} ${entry.remedy}` };
  }
  return { kind: 'failed', text: 'The broker did not say why.' };
}
