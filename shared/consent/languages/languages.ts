import { DE, MAIL_DE } from './de.ts';
import { EN, MAIL_EN } from './en.ts';
import { ES, MAIL_ES } from './es.ts';
import { FR, MAIL_FR } from './fr.ts';
import { IT, MAIL_IT } from './it.ts';
import { MAIL_PT, PT } from './pt.ts';
import type { MailText, Texts } from './texts.ts';

/**
 * What the consent pages say in every language. A new language is a file beside this one, a line in
 * both tables here, and a column in `meanings.ts`; what is missing does not compile.
 */
export const TEXTS = { en: EN, es: ES, it: IT, de: DE, fr: FR, pt: PT };

/** A language of the consent pages. */
export type Language = keyof typeof TEXTS;

/** The mail with an invitation in every language. */
export const MAILS: Readonly<Record<Language, MailText>> = {
  en: MAIL_EN,
  es: MAIL_ES,
  it: MAIL_IT,
  de: MAIL_DE,
  fr: MAIL_FR,
  pt: MAIL_PT,
};

/** Picks the texts by `Accept-Language` (RFC 9110 section 12.5.4); English when nothing fits. */
export function chooseTexts(acceptLanguage: string | undefined): Texts {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(toPreference)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { language } of wanted) {
    const texts = Object.values(TEXTS).find((one) => one.language === language);
    if (texts) return texts;
  }
  return EN;
}

/** `es-MX;q=0.8` asks for Spanish with weight 0.8. */
function toPreference(range: string): { language: string; weight: number } {
  const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
  const quality = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
  const weight = quality === undefined ? 1 : Number(quality);
  return { language: tag.split('-')[0] ?? '', weight: Number.isNaN(weight) ? 0 : weight };
}
