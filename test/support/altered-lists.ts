import type { Alter, ListPage } from '../../local/defender/http/faults.ts';

/** The first row becomes something else, such as a text. */
export function withRow(row: unknown): Alter {
  return (page) => ({ ...page, value: [row, ...page.value.slice(1)] });
}

/**
 * The first row says something else or more: new words, another tenant, a lot of text; `undefined`
 * takes a field away.
 */
export function withFields(fields: Readonly<Record<string, unknown>>): Alter {
  return (page) => ({ ...page, value: [toChanged(page, fields), ...page.value.slice(1)] });
}

/** The first row comes once more at the end, with other fields. */
export function withDuplicate(fields: Readonly<Record<string, unknown>> = {}): Alter {
  return (page) => ({ ...page, value: [...page.value, toChanged(page, fields)] });
}

/** The list goes on elsewhere: at another host, or for ever at an address of its own. */
export function withNextLink(link: string): Alter {
  return (page) => ({ ...page, '@odata.nextLink': link });
}

function toChanged(
  { value: [first] }: ListPage,
  fields: Readonly<Record<string, unknown>>,
): unknown {
  return Object.assign({}, first, fields);
}
