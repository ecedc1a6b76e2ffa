import { useState } from 'preact/hooks';
import { MAILS } from '../../shared/consent/languages/languages.ts';
import { announce } from '../parts/announcer.tsx';
import { partnerName } from '../session.ts';
import { type Link, toMail, toMailUrl } from './mail.ts';

/** A new link with a mail that is ready to be sent; it is never shown again. */
export function LinkCard({ link, guess }: { link: Link; guess: string }) {
  const [language, setLanguage] = useState(guess);
  const mail = toMail(link, { language, partner: partnerName() });
  return (
    <div class="form">
      <p class="quiet small">The broker does not keep this link: copy it now.</p>
      <div class="copy">
        <input class="wide" readOnly value={link.consent_url} aria-label="Link" />
        <CopyButton label="Copy the link" text={link.consent_url} />
      </div>
      <label>
        Language of the mail
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
          {Object.values(MAILS).map((text) => (
            <option key={text.language} value={text.language}>
              {text.name}
            </option>
          ))}
        </select>
      </label>
      <div class="mail" lang={language}>
        <p class="subject">{mail.subject}</p>
        <textarea class="prose" readOnly rows={12} value={mail.body} aria-label="Mail" />
      </div>
      <div class="actions">
        <CopyButton label="Copy the mail" text={`${mail.subject}\n\n${mail.body}`} isPrimary />
        <a class="button" href={toMailUrl(mail)}>
          Open in the mail program
        </a>
      </div>
    </div>
  );
}

/** Copies a text; where the browser forbids that, it says so. */
export function CopyButton({
  label,
  text,
  isPrimary = false,
}: {
  label: string;
  text: string;
  isPrimary?: boolean;
}) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce('Copied.');
    } catch {
      announce('The browser does not let the page copy: select the text and copy it yourself.');
    }
  };
  return (
    <button type="button" class={isPrimary ? 'primary' : undefined} onClick={() => void copy()}>
      {label}
    </button>
  );
}
