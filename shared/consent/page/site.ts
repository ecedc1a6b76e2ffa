import type { PartnerConfig } from '../../config.ts';
import type { Permission } from '../../resources/permissions.ts';
import type { PageText, Texts } from '../languages/texts.ts';
import { type Page, renderDocument, toPageHeaders } from './document.ts';
import { type Html, html } from './html.ts';
import { toContact, toLink } from './parts.ts';

/** Who asks for what, and where the button leads: the same for every visitor. */
export interface PageContext {
  readonly partner: PartnerConfig;
  readonly clientId: string;
  /** What the registration asks for: what is required, then what is optional. */
  readonly required: readonly Permission[];
  readonly optional: readonly Permission[];
  /** Entra's origin; `undefined`: the broker is not configured, so nothing can be begun. */
  readonly authority: string | undefined;
  readonly startUrl: string;
  readonly statusUrl: string;
}

/** The pages' words and what they are about. */
export interface Site {
  readonly texts: Texts;
  readonly context: PageContext;
}

/** What a page is made of. */
export interface PagePlan {
  readonly text: PageText;
  readonly tone: Page['tone'];
  readonly content: readonly (Html | undefined)[];
  /** It holds the button that begins an attempt. */
  readonly hasForm?: boolean;
  readonly refreshSeconds?: number | undefined;
}

/** A page with its headers. */
export interface RenderedPage {
  readonly headers: ReturnType<typeof toPageHeaders>;
  readonly body: string;
}

/** Every permission that is asked for. */
export function listAsked({ required, optional }: PageContext): readonly Permission[] {
  return [...required, ...optional];
}

/** Puts the partner's name, or what it is called without one, where a text speaks of it. */
function fillPartner({ texts, context }: Site, text: string): string {
  const { name } = context.partner;
  return text
    .replace(/^\{partner\}/, () => name ?? upperFirst(texts.partner))
    .replaceAll('{partner}', () => name ?? texts.partner);
}

/** Renders a page. */
export function renderPage(site: Site, plan: PagePlan): RenderedPage {
  const { texts, context } = site;
  const fill = (text: string) => fillPartner(site, text);
  const title = fill(plan.text.title);
  const lines = plan.text.lines.map((line) => html`<p class="lead">${fill(line)}</p>\n`);
  const body = renderDocument({
    language: texts.language,
    title,
    tone: plan.tone,
    by: plan.text.title.includes('{partner}') ? undefined : context.partner.name,
    content: [html`${lines}`, ...plan.content],
    footer: toFooter(site),
  });
  const formTarget = plan.hasForm ? context.authority : undefined;
  return { headers: toPageHeaders({ formTarget, refreshSeconds: plan.refreshSeconds }), body };
}

/** Who can be asked about what stands on the page. */
function toFooter({ texts: { labels }, context: { partner } }: Site): Html | undefined {
  const contact = toContact(partner.contact);
  const privacy = partner.privacyUrl && toLink(partner.privacyUrl, labels.privacy);
  if (!contact && !privacy) return undefined;
  return html`${contact && html`<span>${labels.contact} ${contact}</span>`}${privacy && html`<span>${privacy}</span>`}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
