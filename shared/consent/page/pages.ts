import { chooseTexts } from '../languages/languages.ts';
import type { ConsentOutcome } from '../outcome.ts';
import { type InvitationView, toInvitationPage } from './invitation-page.ts';
import { toOutcomePage } from './outcome-page.ts';
import { type RefusalView, toRefusalPage } from './refusal-page.ts';
import { type PageContext, type RenderedPage, renderPage } from './site.ts';

/** The pages in the visitor's language. */
export interface Pages {
  readonly invitation: (view: InvitationView) => RenderedPage;
  readonly outcome: (outcome: ConsentOutcome, retryUrl: string | undefined) => RenderedPage;
  readonly refusal: (view: RefusalView) => RenderedPage;
  /** Another request is at work on the same answer: the page loads itself again. */
  readonly wait: () => RenderedPage;
}

/** Often enough for somebody who looks at an empty page. */
const WAIT_SECONDS = 2;

/** Creates the pages for one visitor. */
export function createPages(context: PageContext, acceptLanguage: string | undefined): Pages {
  const texts = chooseTexts(acceptLanguage);
  const site = { texts, context };
  return {
    invitation: (view) => renderPage(site, toInvitationPage(site, view)),
    outcome: (outcome, retryUrl) => renderPage(site, toOutcomePage(site, outcome, retryUrl)),
    refusal: (view) => renderPage(site, toRefusalPage(site, view)),
    wait: () =>
      renderPage(site, {
        text: texts.wait,
        tone: 'wait',
        content: [],
        refreshSeconds: WAIT_SECONDS,
      }),
  };
}
