import { MAIL_TEXTS, type MailText } from './mail-texts.ts';

/** An invitation's link as the API answers it, once. */
export interface Link {
  readonly consent_url: string;
  readonly expires_at: string;
}

/** A mail that is ready to be sent. */
export interface Mail {
  readonly subject: string;
  readonly body: string;
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ...['de', 'at', 'li'].map((ending) => [ending, 'de'] as const),
  ...['es', 'mx', 'ar', 'cl', 'co', 'pe'].map((ending) => [ending, 'es'] as const),
  ...['it', 'sm'].map((ending) => [ending, 'it'] as const),
  ...['pt', 'br'].map((ending) => [ending, 'pt'] as const),
  ['fr', 'fr'],
]);

/**
 * The language that a customer with this domain most likely reads; the operator may choose another.
 */
export function guessLanguage(tenant: string): string {
  const ending = tenant.trim().toLowerCase().split('.').at(-1) ?? '';
  return (tenant.includes('.') && ENDINGS.get(ending)) || 'en';
}

/** The mail with the link, in the language. */
export function toMail(
  { consent_url, expires_at }: Link,
  { language, partner }: { language: string; partner: string | undefined },
): Mail {
  const text = findText(language);
  const words: Readonly<Record<string, string>> = {
    partner: partner ?? text.partner,
    link: consent_url,
    until: toUntil(expires_at, text.language),
  };
  // A partner's name may hold braces or dollar signs: each place is filled once.
  const body = text.body.replace(/\{(\w+)\}/g, (place, name) => words[name] ?? place);
  return { subject: text.subject, body };
}

/** Opens the mail in the operator's own program. */
export function toMailUrl({ subject, body }: Mail): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

function findText(language: string): MailText {
  const [english] = MAIL_TEXTS;
  const text = MAIL_TEXTS.find((one) => one.language === language) ?? english;
  if (!text) throw new Error('There is no text.');
  return text;
}

/** In UTC: the operator does not know the customer's zone. */
function toUntil(instant: string, language: string): string {
  const time = new Date(instant).toLocaleString(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${time} UTC`;
}
