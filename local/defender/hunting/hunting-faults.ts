import type { Fault } from '../http/faults.ts';

/** What the hunting API does besides answering, as documents and public threads show it. */
export const HUNTING_FAULTS = {
  /** Too many calls: 429 without a time. */
  calls: { kind: 'throttled', retryAfterIn: 'none' },
  /**
   * The tenant's share of the processors is used up: 429 with the reason in words, and no header.
   */
  cpu: toFault(429, {
    code: 'TooManyRequests',
    message:
      'You have exceeded processing resources allocated to this tenant. You can run queries again in 9 minutes.',
  }),
  /** The same without a time. */
  cpuUntold: toFault(429, {
    code: 'TooManyRequests',
    message: 'You have exceeded processing resources allocated to this tenant.',
  }),
  preempted: toFault(400, {
    code: 'BadRequest',
    message: 'Query execution has exceeded the allowed limits. The query execution was preempted.',
  }),
  tooLarge: toFault(400, {
    code: 'BadRequest',
    message: 'The query result set has exceeded the allowed result size. Optimize your query.',
  }),
  /** 504 without a message. */
  silentTimeout: toFault(504, { code: 'UnknownError', message: '' }),
  bareError: toFault(500, { code: 'InternalServerError', message: '' }),
  /** The front's own page. */
  html: toPage(502),
  /** A page of something in between, which says that all is well. */
  htmlWith200: toPage(200),
} as const satisfies Readonly<Record<string, Fault>>;

function toFault(status: number, error: { code: string; message: string }): Fault {
  return {
    kind: 'instead',
    respond: () => Response.json({ error: { ...error, innerError: {} } }, { status }),
  };
}

function toPage(status: number): Fault {
  const page = '<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>';
  return {
    kind: 'instead',
    respond: () => new Response(page, { status, headers: { 'content-type': 'text/html' } }),
  };
}
