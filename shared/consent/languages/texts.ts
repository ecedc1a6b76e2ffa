import type { Refusal } from '../../invitations/refusal.ts';
import type { Effect } from '../../resources/permissions.ts';
import type { ConsentStanding } from '../outcome.ts';
import type { Language } from './languages.ts';

/**
 * A page's heading and its paragraphs. `{partner}` stands for the partner, as the subject of a
 * sentence.
 */
export interface PageText {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Everything that the consent pages say, in one language. */
export interface Texts {
  /** BCP 47 tag, for the `lang` attribute. */
  readonly language: Language;
  /** The partner where PARTNER_NAME is not set, as the subject of a sentence. */
  readonly partner: string;
  readonly invitation: InvitationTexts;
  readonly permissions: PermissionTexts;
  readonly outcomes: Readonly<Record<ConsentStanding, PageText>>;
  /** The answer of Microsoft is being processed by another request. */
  readonly wait: PageText;
  readonly refusals: Readonly<Record<Refusal, PageText>>;
  readonly labels: Labels;
}

/** The page before Microsoft's. */
interface InvitationTexts extends PageText {
  /** Above the permissions. */
  readonly permissionsTitle: string;
  readonly compare: string;
  /** Above what the access does not include. */
  readonly limitsTitle: string;
  readonly limits: {
    readonly identity: string;
    readonly content: string;
    /** Where every permission only reads. */
    readonly changeNothing: string;
    /** Where some permission changes something. */
    readonly changeNothingElse: string;
  };
  /** Instead of the limits, where a permission is unknown. */
  readonly limitsUnknown: string;
  readonly withdrawTitle: string;
  readonly withdraw: string;
  readonly button: string;
  readonly signIn: string;
  /** The roles that may accept: with permissions of Microsoft Graph, and without. */
  readonly rolesWithGraph: string;
  readonly rolesWithoutGraph: string;
}

/** What is said of permissions. */
interface PermissionTexts {
  readonly marks: Readonly<Record<Effect, string>>;
  /** In place of a meaning. */
  readonly unknown: string;
  readonly granted: string;
  readonly missing: string;
  readonly optionalMissing: string;
}

/** Short texts in front of values, and on buttons and links. */
interface Labels {
  readonly asker: string;
  readonly contact: string;
  readonly privacy: string;
  readonly app: string;
  readonly appId: string;
  readonly organisation: string;
  readonly tenantId: string;
  readonly signedInAs: string;
  readonly errorCode: string;
  readonly reference: string;
  readonly tryAgain: string;
  readonly lookAgain: string;
}

/**
 * The mail that brings an invitation, in one language. `{partner}`, `{link}` and `{until}` are
 * filled in.
 */
export interface MailText {
  readonly language: Language;
  /** As its speakers call it. */
  readonly name: string;
  /** Customers with such a domain most likely read this language: `['de', 'at']`. */
  readonly domainEndings: readonly string[];
  /** What the partner is called where the setting PARTNER_NAME is empty. */
  readonly partner: string;
  readonly subject: string;
  readonly body: string;
}
