import type { SavedQueryList } from '../../docs/client/broker-api.ts';

export type SavedQuery = SavedQueryList['value'][number];

/** What the form of a hunt holds. */
export interface HuntDraft {
  /** The saved query that was chosen, if one was. */
  readonly saved: string;
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tag: string;
  readonly tenants: string;
  readonly timespan: string;
  readonly name: string;
}

/** An empty form: all customers, the last week. */
export const EMPTY_HUNT: HuntDraft = {
  saved: '',
  query: '',
  parameters: {},
  tag: '',
  tenants: '',
  timespan: 'P7D',
  name: '',
};

/** How far back a hunt looks. */
export const TIMESPANS: Readonly<Record<string, string>> = {
  PT1H: 'The last hour',
  P1D: 'The last day',
  P7D: 'The last 7 days',
  P30D: 'The last 30 days',
};

/** The form with a saved query in it. */
export function withSavedQuery(draft: HuntDraft, saved: SavedQuery | undefined): HuntDraft {
  if (!saved) return { ...draft, saved: '', parameters: {} };
  const parameters = Object.fromEntries(
    Object.keys(saved.parameters).map((name) => [name, draft.parameters[name] ?? '']),
  );
  return { ...draft, saved: saved.name, query: saved.query, parameters };
}

/** The body of the hunt. A saved query that was not changed is named; another text is sent. */
export function toHuntBody(draft: HuntDraft, saved: SavedQuery | undefined) {
  const tenants = toNames(draft.tenants);
  const tag = draft.tag.trim();
  const name = draft.name.trim();
  return {
    ...toQueryPart(draft, saved),
    timespan: draft.timespan,
    ...(tag !== '' && { tag }),
    ...(tenants.length > 0 && { tenants }),
    ...(name !== '' && { name }),
  };
}

function toQueryPart({ query, parameters }: HuntDraft, saved: SavedQuery | undefined) {
  if (!saved) return { query };
  const types = saved.parameters;
  const values = Object.entries(parameters).map(
    ([name, text]) => [name, toValue(text, types[name])] as const,
  );
  if (saved.query === query) {
    return { saved_query: saved.name, parameters: Object.fromEntries(values) };
  }
  const typed = values.map(([name, value]) => [name, { type: types[name], value }]);
  return { query, parameters: Object.fromEntries(typed) };
}

/** The API says what is wrong with a value that is none of its type. */
function toValue(text: string, type: string | undefined): unknown {
  if (type === 'long') return /^-?\d+$/.test(text.trim()) ? Number(text) : text;
  if (type !== 'dynamic') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toNames(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

type Types = SavedQuery['parameters'];

/** `account: string, since: datetime`, as the form shows it. */
export function toTypesText(saved: SavedQuery | undefined): string {
  return Object.entries(saved?.parameters ?? {})
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');
}

/** The types of that text; the API refuses what is no type. */
export function toTypes(text: string): Types {
  const entries = toParts(text).map((part) => {
    const [name = '', type = 'string'] = part.split(':').map((word) => word.trim());
    return [name, type];
  });
  return Object.fromEntries(entries) as Types;
}

function toParts(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
