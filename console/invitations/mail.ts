import { MAILS } from '../../shared/consent/languages/languages.ts';
import type { MailText } from '../../shared/consent/languages/texts.ts';

/** An invitation's link as the API answers it, once. */
export interface Link {
  readonly consent_url: string;
  readonly expires_at: string;
}

/** A mail that is ready to be sent. */
interface Mail {
  readonly subject: string;
  readonly body: string;
}

/**
 * The language that a customer with this domain most likely reads; the operator may choose another.
 */
export function guessLanguage(tenant: string): string {
  const ending = tenant.trim().toLowerCase().split('.').at(-1) ?? '';
  if (!tenant.includes('.')) return 'en';
  const mail = Object.values(MAILS).find(({ domainEndings }) => domainEndings.includes(ending));
  return mail?.language ?? 'en';
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
  return Object.values(MAILS).find((one) => one.language === language) ?? MAILS.en;
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
