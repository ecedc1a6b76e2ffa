import type { Trace } from './tracer.ts';

/**
 * Wraps `fetch` so that requests carry the trace of the invocation that sends them. Only ids go
 * out: the caller's `tracestate` and `baggage` are not for third parties.
 */
export function createTracedFetch(
  fetch: typeof globalThis.fetch,
  trace: Trace,
): typeof globalThis.fetch {
  return (input, init) => {
    const { host } = new URL(input instanceof Request ? input.url : input);
    return trace({ method: init?.method ?? 'GET', host }, (traced) =>
      fetch(input, 'traceparent' in traced ? withHeaders(init, traced) : init),
    );
  };
}

function withHeaders(
  init: RequestInit | undefined,
  traced: Readonly<Record<string, string>>,
): RequestInit {
  const headers = new Headers(init?.headers);
  for (const [name, value] of Object.entries(traced)) headers.set(name, value);
  return { ...init, headers };
}
