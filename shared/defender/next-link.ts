import { SourceError } from '../incidents/incident-source.ts';

/**
 * The link, if it leads on in the list at `listUrl`: same origin, same path, no credentials. Throws `foreign_link`:
 * the customer's token is sent with every request.
 */
export function checkLink(link: string, listUrl: string): string {
  const url = URL.parse(link);
  const list = new URL(listUrl);
  const leadsOn =
    url?.origin === list.origin &&
    toPath(url) === toPath(list) &&
    url.username === '' &&
    url.password === '';
  if (!leadsOn) throw new SourceError('foreign_link');
  return link;
}

/** OData compares paths without case and without the last slash. */
function toPath({ pathname }: URL): string {
  return pathname.toLowerCase().replace(/\/$/, '');
}
