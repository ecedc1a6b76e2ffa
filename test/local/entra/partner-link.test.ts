import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  ADMIN,
  answerOf,
  ORIGIN,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  USER,
} from './set-up.ts';

/** The link of Microsoft's partner access page: no redirect URI, no state. */
function partnerLink({ client }: TestEnvironment): string {
  const query = `prompt=consent&client_id=${client.clientId}&response_type=code&sso_reload=true`;
  return `${ORIGIN}/common/oauth2/authorize?${query}`;
}

describe('the partner access link (v1 authorize with prompt=consent)', () => {
  test('grants the app roles and comes back with a code to the first redirect URI', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(partnerLink(environment));
    await browser.chooseAccount(ADMIN);
    await browser.accept();

    expect(answerOf(browser)).toEqual({
      code: expect.any(String),
      session_state: expect.any(String),
    });
    const { token } = await requestToken(environment);
    expect(decodeJwt(token).roles).toEqual(['Incident.Read.All']);
  });

  test('shows a person without the role that an admin is needed, and can be cancelled', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(`${partnerLink(environment)}&state=s-2`);
    await browser.chooseAccount(USER);
    expect(browser.html).toContain('AADSTS90094');
    await browser.cancel();

    expect(answerOf(browser)).toMatchObject({
      error: 'access_denied',
      error_subcode: 'cancel',
      state: 's-2',
    });
  });

  test('says admin_consent=True when that was the prompt', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(partnerLink(environment).replace('prompt=consent', 'prompt=admin_consent'));
    await browser.chooseAccount(ADMIN);
    await browser.accept();

    expect(answerOf(browser)).toMatchObject({ admin_consent: 'True', code: expect.any(String) });
  });
});
