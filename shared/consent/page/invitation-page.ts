import { needsPrivilegedAdmin } from '../consenting-roles.ts';
import { type Html, html } from './html.ts';
import { toContact, toDetails, toLink, toPermissionList, toStartForm } from './parts.ts';
import { listAsked, type PagePlan, type Site } from './site.ts';

/** The invitation that a visitor's link is for. */
export interface InvitationView {
  readonly invitationId: string;
  /** The organisation that it is pinned to. */
  readonly organisation: string | undefined;
}

/** What is asked for, by whom, before Microsoft's page. */
export function toInvitationPage(site: Site, view: InvitationView): PagePlan {
  return {
    text: site.texts.invitation,
    tone: 'ask',
    content: [
      toAsker(site, view),
      ...toRequest(site),
      html`<div class="go">${toButton(site, view.invitationId, site.texts.invitation.button)}${toNotes(site)}</div>`,
    ],
    hasForm: true,
  };
}

/** The permissions, what they leave out, and how to withdraw: also where somebody declined. */
export function toRequest(site: Site): readonly (Html | undefined)[] {
  const { texts, context } = site;
  const { permissionsTitle, compare, withdrawTitle, withdraw } = texts.invitation;
  return [
    html`<section><h2>${permissionsTitle}</h2>
<p class="note">${compare}</p>
${toPermissionList(texts, listAsked(context))}</section>`,
    toLimits(site),
    html`<section><h2>${withdrawTitle}</h2><p>${withdraw}</p></section>`,
  ];
}

/** The button that begins an attempt. */
export function toButton({ context }: Site, invitationId: string, label: string): Html {
  return toStartForm({ label, startUrl: context.startUrl }, invitationId);
}

function toAsker({ texts: { labels }, context }: Site, view: InvitationView): Html | undefined {
  const { partner, clientId } = context;
  return toDetails([
    [labels.asker, partner.name],
    [labels.contact, toContact(partner.contact)],
    [labels.privacy, partner.privacyUrl && toLink(partner.privacyUrl)],
    [labels.app, partner.appName],
    [labels.appId, html`<code>${clientId}</code>`],
    [labels.organisation, view.organisation],
  ]);
}

/** What the access leaves out; a permission that is not known could include it all. */
function toLimits({ texts: { invitation }, context }: Site): Html {
  const asked = listAsked(context);
  const title = html`<h2>${invitation.limitsTitle}</h2>`;
  if (asked.some(({ effect }) => effect === 'unknown')) {
    return html`<section>${title}<p>${invitation.limitsUnknown}</p></section>`;
  }
  const { identity, content, changeNothing, changeNothingElse } = invitation.limits;
  const isChanging = asked.some(({ effect }) => effect === 'changes');
  const isOpening = asked.some(({ opensContent }) => opensContent);
  const limits = [
    identity,
    ...(isOpening ? [] : [content]),
    isChanging ? changeNothingElse : changeNothing,
  ];
  return html`<section>${title}
<ul class="limits">${limits.map((limit) => html`<li>${limit}</li>\n`)}</ul></section>`;
}

function toNotes({ texts: { invitation }, context }: Site): Html {
  const apis = new Set(listAsked(context).map(({ resource }) => resource));
  const roles = needsPrivilegedAdmin(apis)
    ? invitation.rolesWithGraph
    : invitation.rolesWithoutGraph;
  return html`<p class="note">${invitation.signIn} ${roles}</p>`;
}
