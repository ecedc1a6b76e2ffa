import type { Refusal } from '../refusal.ts';

/** A page's heading and its paragraphs. */
export interface PageText {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The outcomes that a consenting admin can see. */
export type Outcome = 'verifying' | 'active' | 'partial' | 'paused';

/** Everything that the consent pages say, in one language. */
export interface Texts {
  /** BCP 47 tag, for the `lang` attribute. */
  readonly language: string;
  readonly outcomes: Readonly<Record<Outcome, PageText>>;
  readonly refusals: Readonly<Record<Refusal, PageText>>;
  readonly signedInAs: string;
  readonly tenantId: string;
  readonly granted: string;
  readonly missing: string;
  readonly consentAgain: string;
  readonly lookAgain: string;
  readonly errorCode: string;
  readonly reference: string;
  readonly howToRevoke: string;
}
