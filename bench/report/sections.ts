/** The sections in the order in which they run, with their headings. */
export const SECTIONS = {
  cached: 'A cached token in process',
  http: 'A cached token over HTTP',
  face: 'The standard face',
  proxy: 'The proxy',
  policy: 'The policy',
  cold: 'Cold requests of four processes',
  bundle: 'Bundle and cold start',
  console: 'The console',
  'first-token': 'First token of a new process',
  memory: 'Memory of cached tokens',
  worker: 'Memory of a worker under load',
  authority: 'Authenticated rows and the ledger',
  neighbours: 'Guards of the hot path, and other callers',
  refresh: 'Refresh sweep',
  feed: 'Feed of incident changes',
  incidents: 'Sync of incidents: calls',
  'incidents-fleet': 'Sync of incidents: many tenants',
  webhooks: 'Webhooks',
  hunting: 'Hunting',
  mcp: 'Agents',
  soak: 'Wrong tenant',
  'soak-memo': 'The memo of exchanges under attack',
} as const;

/** The name of a section, which is the name of its file, too. */
export type SectionName = keyof typeof SECTIONS;

/** The section of that name, or all. */
export function chooseSections(only: string | undefined): readonly SectionName[] {
  const names = Object.keys(SECTIONS) as SectionName[];
  const chosen = names.filter((name) => only === undefined || name === only);
  if (chosen.length > 0) return chosen;
  throw new Error(`There is no section ${only}. The sections are ${names.join(', ')}.`);
}
