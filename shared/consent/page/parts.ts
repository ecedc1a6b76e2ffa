import type { Effect, Permission } from '../../resources/permissions.ts';
import { RESOURCES } from '../../resources/resources.ts';
import { MEANINGS } from '../languages/meanings.ts';
import type { Texts } from '../languages/texts.ts';
import { type Html, html } from './html.ts';

/** A label with its value; `undefined` is left out. */
type Detail = readonly [label: string, value: string | Html | undefined];

/** Label and value pairs; `undefined` when no value is there. */
export function toDetails(details: readonly Detail[]): Html | undefined {
  const shown = details.filter(([, value]) => value !== undefined && value !== '');
  if (shown.length === 0) return undefined;
  return html`<dl>${shown.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>\n`)}</dl>`;
}

/** Permissions below a heading, each with what it allows and whether it changes something. */
export function toPermissionSection(
  texts: Texts,
  title: string,
  permissions: readonly Permission[],
): Html | undefined {
  if (permissions.length === 0) return undefined;
  return html`<section>
<h2>${title}</h2>
${toPermissionList(texts, permissions)}
</section>`;
}

/** The list by itself. */
export function toPermissionList(texts: Texts, permissions: readonly Permission[]): Html {
  return html`<ul class="permissions">${permissions.map((one) => toItem(texts, one))}</ul>`;
}

function toItem({ permissions, language }: Texts, { key, role, resource, effect }: Permission) {
  const meaning = key === undefined ? permissions.unknown : MEANINGS[key][language];
  return html`<li><p>${meaning}</p>
<p class="role">${toMark(permissions.marks, effect)}<code lang="en">${role}</code> <span lang="en">${RESOURCES[resource].microsoftName}</span></p></li>
`;
}

function toMark(marks: Texts['permissions']['marks'], effect: Effect): Html {
  return html`<span class="mark ${effect}">${marks[effect]}</span> `;
}

/** The button that begins an attempt with a link. */
export function toStartForm(
  { label, startUrl }: { label: string; startUrl: string },
  invitationId: string,
): Html {
  return html`<form method="post" action="${startUrl}">
<input type="hidden" name="invitation" value="${invitationId}">
<button type="submit">${label}</button>
</form>`;
}

/** A contact as a link where it is an address; it comes from the partner's settings. */
export function toContact(contact: string | undefined): Html | undefined {
  if (contact === undefined) return undefined;
  if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(contact)) {
    return html`<a href="mailto:${contact}">${contact}</a>`;
  }
  return URL.parse(contact)?.protocol === 'https:' ? toLink(contact) : html`${contact}`;
}

/** A link to a page of the partner, which does not learn from where it was opened. */
export function toLink(url: string, label = url): Html {
  return html`<a href="${url}" rel="noopener noreferrer">${label}</a>`;
}
