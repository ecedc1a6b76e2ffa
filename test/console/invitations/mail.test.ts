import { expect, test } from 'vitest';
import { guessLanguage, toMail, toMailUrl } from '../../../console/invitations/mail.ts';
import { MAILS, TEXTS } from '../../../shared/consent/languages/languages.ts';

const LINK = {
  consent_url: 'https://broker.example/api/consent/start?invitation=abc',
  expires_at: '2026-12-04T09:30:00.000Z',
};

test.each(Object.entries(TEXTS))('pages and mail in %s say which language it is', (tag, texts) => {
  expect([texts.language, MAILS[texts.language].language]).toEqual([tag, tag]);
});

test.each(Object.values(MAILS))(
  'the mail in $language says who asks, where, and until when',
  (text) => {
    const { language } = text;
    const { subject, body } = toMail(LINK, { language, partner: 'Northwind Security' });
    expect(subject).not.toContain('{');
    expect(body).not.toMatch(/[{}]/);
    expect(body).toContain(`\n${LINK.consent_url}\n`);
    expect(body.split('Northwind Security')).toHaveLength(3);
    expect(body).toMatch(/2026.*9:30.* UTC/);
  },
);

test('a partner without a name is called what the pages call it', () => {
  const { body } = toMail(LINK, { language: 'de', partner: undefined });
  expect(body).toContain('damit Ihr Sicherheitspartner sich');
});

test("a partner's name is text, whatever it holds", () => {
  const { body } = toMail(LINK, { language: 'en', partner: "$& {link} $'" });
  expect(body.split("$& {link} $'")).toHaveLength(3);
});

test.each([
  ['contoso.de', 'de'],
  ['Fabrikam.COM.BR', 'pt'],
  ['adatum.com', 'en'],
  ['0f9e8d7c-6b5a-4c3d-9e1f-a2b3c4d5e6f7', 'en'],
  ['de', 'en'],
  ['x.__proto__', 'en'],
  ['', 'en'],
])('the language of %j is guessed as %s', (tenant, language) => {
  expect(guessLanguage(tenant)).toBe(language);
});

test('a mail program gets the mail whole', () => {
  const url = new URL(toMailUrl({ subject: 'a & b', body: 'ü\n?=#' }));
  expect(url.protocol).toBe('mailto:');
  expect([url.searchParams.get('subject'), url.searchParams.get('body')]).toEqual([
    'a & b',
    'ü\n?=#',
  ]);
});
