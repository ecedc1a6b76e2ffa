/** One request that was answered; `time` is epoch milliseconds, `path` has no query. */
export interface RecordedRequest {
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly tenant: string;
  readonly grantType?: string;
  readonly clientId?: string;
  readonly scope?: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly errorCode?: number;
  /** With a trace only: its ids, and the names of all headers. */
  readonly traced?: {
    readonly traceparent: string;
    readonly clientRequestId: string | null;
    readonly headers: readonly string[];
  };
}

/** The requests of the recent past. */
export interface RequestLog {
  readonly requests: readonly RecordedRequest[];
  readonly record: (request: RecordedRequest) => void;
  readonly reset: () => void;
}

const MAX_REQUESTS = 100_000;
// Dropped in slices, since moving the whole array for each request would be slow.
const SLICE = 10_000;

/** A bounded log. */
export function createRequestLog(): RequestLog {
  const requests: RecordedRequest[] = [];
  return {
    requests,
    record: (request) => {
      if (requests.length >= MAX_REQUESTS) requests.splice(0, SLICE);
      requests.push(request);
    },
    reset: () => {
      requests.length = 0;
    },
  };
}
