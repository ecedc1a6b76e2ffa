import { DE } from './de.ts';
import { EN } from './en.ts';
import { ES } from './es.ts';
import { FR } from './fr.ts';
import { IT } from './it.ts';
import { PT } from './pt.ts';
import type { Texts } from './texts.ts';

/** The texts of every language. */
export const ALL_TEXTS: readonly Texts[] = [EN, ES, IT, DE, FR, PT];

const LANGUAGES = new Map(ALL_TEXTS.map((texts) => [texts.language, texts]));

/** Picks the texts by `Accept-Language` (RFC 9110 section 12.5.4); English when nothing fits. */
export function chooseTexts(acceptLanguage: string | undefined): Texts {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(toPreference)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { language } of wanted) {
    const texts = LANGUAGES.get(language);
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
