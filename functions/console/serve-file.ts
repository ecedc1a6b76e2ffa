import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ConsoleFile } from './console-files.ts';

/**
 * The page runs its own script with its own style, speaks to its own origin, and nothing else.
 * Trusted Types without a policy make the browser refuse every write of markup from text.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;

/** Answers a built file: compressed for who accepts Brotli, 304 for who has it already. */
export function serveFile(
  { method, headers }: HttpRequest,
  file: ConsoleFile,
  cacheControl: string,
): HttpResponseInit {
  const common = {
    ...SECURITY_HEADERS,
    'cache-control': cacheControl,
    etag: file.etag,
    vary: 'accept-encoding',
  };
  if (hasTag(headers.get('if-none-match'), file.etag)) return { status: 304, headers: common };
  const packed = acceptsBrotli(headers.get('accept-encoding'));
  const body = packed ? file.brotli : file.plain;
  return {
    headers: {
      ...common,
      'content-type': file.contentType,
      'content-length': String(body.byteLength),
      ...(packed && { 'content-encoding': 'br' }),
    },
    ...(method !== 'HEAD' && { body }),
  };
}

/** RFC 9110 section 13.1.2: a list of validators, weak ones compared like strong ones. */
function hasTag(header: string | null, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** RFC 9110 section 12.5.3: `br`, unless its quality is zero. */
function acceptsBrotli(header: string | null): boolean {
  const codings = (header ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  return codings.some((coding) => /^br(;q=(?!0(\.0*)?$).+)?$/.test(coding.replaceAll(' ', '')));
}
