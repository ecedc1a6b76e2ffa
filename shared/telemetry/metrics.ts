/** What is counted, with what it is split by. */
export const COUNTERS = {
  /** Tokens handed out: where they came from and what became of the request. */
  'tokens.brokered': ['source', 'outcome'],
  /** Calls through the proxy: `answered`, `refused`, `throttled` by the API, or `failed`. */
  'apis.called': ['resource', 'outcome'],
  /** Calls refused since the caller was beyond its budget; `route` is the function. */
  'requests.throttled': ['route'],
  /** Keys of refresh batches by what became of them. */
  'tokens.refreshed': ['outcome'],
  /** Runs of the incident sync of one tenant: `complete`, `paused`, or the problem. */
  'sync.tenants': ['source', 'outcome'],
  /** Notifications to webhooks by what became of them. */
  'webhooks.delivered': ['outcome'],
  /** Customers of hunts by how the hunt ended there. */
  'hunts.tenants': ['verdict'],
} as const;

/** What is measured; the last value of an interval counts, of the names in `PEAKS` the largest. */
export const GAUGES = {
  /** Whole days until the client credential ends. */
  'credential.days_left': ['kind'],
  /** Share, 0 to 1, that the busiest customer has used of what Microsoft allows it. */
  'sync.quota_used': ['api'],
} as const;

/** Of these the largest value of an interval counts. */
export const PEAKS: ReadonlySet<string> = new Set(['sync.quota_used']);

/** The name of a counter. */
export type CounterName = keyof typeof COUNTERS;

/** The name of a gauge. */
export type GaugeName = keyof typeof GAUGES;

/** Splits a metric: a handful of values each, so never a tenant, a caller or an id. */
export type Attributes<K extends string = string> = Readonly<Record<K, string>>;

/** Where the domain counts and measures; nothing here waits or throws. */
export interface Metrics {
  /** Adds to a counter, one by default. */
  count<N extends CounterName>(
    name: N,
    attributes: Attributes<(typeof COUNTERS)[N][number]>,
    by?: number,
  ): void;
  /** A counter that was looked up once: adding one is an increment and nothing else. */
  counter<N extends CounterName>(
    name: N,
    attributes: Attributes<(typeof COUNTERS)[N][number]>,
  ): () => void;
  /** Notes what is true now. */
  gauge<N extends GaugeName>(
    name: N,
    value: number,
    attributes: Attributes<(typeof GAUGES)[N][number]>,
  ): void;
}
