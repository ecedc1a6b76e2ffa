import { SourceError } from '../incidents/incident-source.ts';

/**
 * The link, if it is the list's own. Throws `foreign_link`: the customer's token is sent with every
 * request.
 */
export function checkLink(link: string, listUrl: string): string {
  if (!isOwnLink(link, listUrl)) throw new SourceError('foreign_link');
  return link;
}

/** It is kept with the tenant's state, in one property of a row. */
const LONGEST = 8 * 1024;

/**
 * Whether a link leads on in the list at `listUrl`: same origin, same path, no credentials, and not
 * endless.
 */
export function isOwnLink(link: string, listUrl: string): boolean {
  const url = URL.parse(link);
  const list = new URL(listUrl);
  return (
    url?.origin === list.origin &&
    toPath(url) === toPath(list) &&
    url.username === '' &&
    url.password === '' &&
    link.length <= LONGEST
  );
}

/** OData compares paths without case and without the last slash. */
function toPath({ pathname }: URL): string {
  return pathname.toLowerCase().replace(/\/$/, '');
}
