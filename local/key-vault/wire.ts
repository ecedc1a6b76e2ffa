import * as v from 'valibot';
import { badRequest, type Refusal } from '../defender/http/refusal.ts';
import type { SecretProperties, SecretVersion } from './secrets.ts';

const PAGE_SIZE = 25;
const Body = v.object({
  value: v.optional(v.pipe(v.string(), v.maxBytes(25_600))),
  contentType: v.optional(v.string()),
  attributes: v.optional(
    v.object({
      enabled: v.optional(v.boolean()),
      exp: v.optional(v.number()),
      nbf: v.optional(v.number()),
    }),
    {},
  ),
});

/** What a PUT or PATCH asks for; what is absent stays as it is. */
interface RequestedSecret {
  readonly value: string | undefined;
  readonly properties: SecretProperties;
}

/** Parses the body of a PUT or PATCH. */
export async function readBody(request: Request): Promise<RequestedSecret> {
  const parsed = v.safeParse(Body, await request.json().catch(() => undefined));
  if (!parsed.success) throw badRequest('The request body is not valid.', 'BadParameter');
  const { value, contentType, attributes } = parsed.output;
  const { enabled, exp, nbf } = attributes;
  const properties = {
    ...(enabled === undefined ? {} : { enabled }),
    ...(exp === undefined ? {} : { expiresOn: exp * 1000 }),
    ...(nbf === undefined ? {} : { notBefore: nbf * 1000 }),
    ...(contentType === undefined ? {} : { contentType }),
  };
  return { value, properties };
}

/** A version without its value; its id is https, as every vault is and as the client insists. */
export function toItem(url: URL, secret: SecretVersion) {
  const { enabled = true, expiresOn, notBefore, contentType } = secret.properties;
  return {
    id: `https://${url.host}/secrets/${secret.name}/${secret.version}`,
    attributes: {
      enabled,
      ...(notBefore === undefined ? {} : { nbf: toSeconds(notBefore) }),
      ...(expiresOn === undefined ? {} : { exp: toSeconds(expiresOn) }),
      created: toSeconds(secret.created),
      updated: toSeconds(secret.updated),
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
    },
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** A version with its value. */
export function toBundle(url: URL, secret: SecretVersion) {
  return { value: secret.value, ...toItem(url, secret) };
}

/** One page of versions, ordered by version name and so not by age, with a link to the next. */
export function toPage(url: URL, versions: readonly SecretVersion[]) {
  const size = Number(url.searchParams.get('maxresults') ?? PAGE_SIZE);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    throw badRequest(`maxresults must be from 1 to ${PAGE_SIZE}.`, 'BadParameter');
  }
  const start = url.searchParams.get('$skiptoken') ?? '';
  const rest = versions
    .toSorted((one, other) => (one.version < other.version ? -1 : 1))
    .filter(({ version }) => version >= start);
  const next = rest[size];
  return {
    value: rest.slice(0, size).map((secret) => toItem(url, secret)),
    nextLink: next ? toNextLink(url, next) : null,
  };
}

function toNextLink({ host, pathname, searchParams }: URL, { version }: SecretVersion): string {
  const query = new URLSearchParams(searchParams);
  query.set('$skiptoken', version);
  return `https://${host}${pathname}?${query}`;
}

/** The vault's error envelope; a disabled secret is an inner error of 403 Forbidden. */
export function toErrorBody({ code, message }: Refusal) {
  switch (code) {
    case 'SecretDisabled':
      return { error: { code: 'Forbidden', message, innererror: { code } } };
    case 'TooManyRequests':
      return { error: { code: 'Throttled', message } };
    default:
      return { error: { code, message } };
  }
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
