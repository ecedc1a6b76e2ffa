/** Where a throttled answer says when to come back. */
export type RetryAfterPlace = 'header' | 'body' | 'none';

/** An answer other than success; each surface turns it into its own error envelope. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, details: RefusalDetails) {
    super(details.message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = details.headers ?? {};
  }
}

interface RefusalDetails {
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 400: the request itself is at fault. */
export function badRequest(message: string, code = 'BadRequest'): Refusal {
  return new Refusal(400, code, { message });
}

/** 401: the access token is missing, invalid, expired or for another audience. */
export function unauthorized(message: string): Refusal {
  return new Refusal(401, 'Unauthorized', { message });
}

/** 404: nothing of that name in this tenant. */
export function notFound(message: string): Refusal {
  return new Refusal(404, 'NotFound', { message });
}

/**
 * 429: the quota is used up for so many seconds, said in a header, in the message or not at all.
 */
export function tooManyRequests(seconds: number, place: RetryAfterPlace): Refusal {
  const message = 'You have exceeded the number of calls allowed for this API.';
  const hint = place === 'body' ? ` The quota resets in ${seconds} seconds.` : '';
  const headers = place === 'header' ? { 'retry-after': String(seconds) } : {};
  return new Refusal(429, 'TooManyRequests', { message: `${message}${hint}`, headers });
}
