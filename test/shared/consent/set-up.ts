import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { addApplication } from '../../../local/entra/directory/applications.ts';
import { addTenant, createDirectory } from '../../../local/entra/directory.ts';
import { createEntra } from '../../../local/entra/entra.ts';
import { createAttemptTable } from '../../../shared/azure/records/attempt-table.ts';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createAttempts } from '../../../shared/consent/attempt.ts';
import { createConsentFlow } from '../../../shared/consent/consent-flow.ts';
import type { ConsentAnswer, ConsentStep } from '../../../shared/consent/consent-parts.ts';
import { createConsentSeal } from '../../../shared/consent/consent-seal.ts';
import { createSeal } from '../../../shared/crypto/seal.ts';
import { createConsentEndpoints } from '../../../shared/entra/consent-endpoints.ts';
import type { ClientCredential } from '../../../shared/entra/credential/client-credential.ts';
import { createVerifyIdToken, type VerifyIdToken } from '../../../shared/entra/id-token.ts';
import { createInvite, type InvitationRequest } from '../../../shared/invitations/invite.ts';
import { createClock } from '../../support/clock.ts';
import { createFixedRing, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';

const BROKER = 'https://broker.example';
const ENTRA = 'http://127.0.0.1:1';

/** A secret that never changes. */
const SECRET: ClientCredential = {
  authenticate: () => Promise.resolve({ version: 'one', proof: { client_secret: 'secret' } }),
  noteAccepted: () => undefined,
  handleRefusal: () => Promise.resolve('unconfirmed'),
  describe: () => ({ kind: 'secret', problems: [] }),
};

/**
 * The consent flow over the stand-in for Entra, without HTTP between them, under a clock that
 * stands.
 */
export async function setUp() {
  const clock = createClock();
  const { now } = clock;
  const directory = createDirectory({ homeTenant: { displayName: 'Partner' }, now });
  const { tenantId } = addTenant(directory, {
    displayName: 'Contoso',
    domains: ['contoso.example'],
  });
  const { clientId } = addApplication(directory, {
    displayName: 'Broker',
    redirectUris: [`${BROKER}/api/consent/callback`],
    secrets: ['secret'],
    groupMembershipClaims: 'DirectoryRole',
    requiredAppRoles: { 'defender-xdr': ['Incident.Read.All'] },
  });
  const entra = await createEntra({ directory, origin: ENTRA });
  const fetchEntra = async (input: RequestInfo | URL, init?: RequestInit) =>
    await entra.handle(new Request(input, init));
  const verified: Parameters<VerifyIdToken>[] = [];
  const verify = createVerifyIdToken({ fetch: fetchEntra, authority: ENTRA, clientId, now });
  const accepted: string[] = [];
  const log = createRecordedLog();
  const invitations = createInvitationTable(openNewTable('invitations'), log);
  const seal = createSeal(createFixedRing(createRingKey('one')), now);
  const attemptRows = createAttemptTable(openNewTable('consentattempts'));
  const attempts = createAttempts({ rows: attemptRows, seal });
  const flow = createConsentFlow({
    invitations,
    attempts,
    seal: createConsentSeal(seal),
    entra: createConsentEndpoints({
      fetch: fetchEntra,
      authority: ENTRA,
      clientId,
      redirectUri: `${BROKER}/api/consent/callback`,
      scope: 'https://api.security.microsoft.com/.default',
      credential: SECRET,
      verifyIdToken: (...check) => {
        verified.push(check);
        return verify(...check);
      },
    }),
    admit: () => Promise.resolve(),
    acceptConsent: ({ tenantId: id }) => Promise.resolve(void accepted.push(id)),
    resolveTenant: (name) => Promise.resolve(directory.domains.get(name)),
    asked: new Set(['defender-xdr']),
    statusUrl: `${BROKER}/api/consent/status`,
    log,
    now,
  });
  const invite = createInvite({
    invitations,
    resolveTenant: (name) => Promise.resolve(name),
    findTombstone: () => Promise.resolve(undefined),
    publicBaseUrl: BROKER,
    now,
  });
  /** Signs in at Entra and answers what the browser brings back. */
  const signInAs = async (location: string, userName: string): Promise<ConsentAnswer> => {
    const browser = createAdminBrowser({
      fetch: async (url, init) =>
        url.startsWith(BROKER) ? new Response() : await fetchEntra(url, init),
    });
    await browser.open(location);
    await browser.chooseAccount(userName);
    return Object.fromEntries(new URL(browser.url).searchParams);
  };
  const signIn = (location: string, account = 'admin') =>
    signInAs(location, `${account}@contoso.example`);
  return {
    ...{ clock, directory, flow, invite, signIn, signInAs, tenantId, accepted },
    ...{ verified, verify, invitations, attempts, attemptRows, log },
  };
}

/** An attempt that has signed in and stands before the consent. */
export async function goToConsent({
  account,
  ...invited
}: Partial<InvitationRequest> & { readonly account?: string } = {}) {
  const environment = await setUp();
  const { flow, tenantId } = environment;
  const { invitationId } = await environment.invite({ createdBy: 'test', ...invited });
  const { location, cookie } = await flow.start(invitationId, undefined);
  const answer = await environment.signIn(location, account);
  const consentUrl = locationOf(await flow.answer(answer, cookie));
  const state = new URL(consentUrl).searchParams.get('state') ?? '';
  const consent = { state, admin_consent: 'True', tenant: tenantId };
  return { ...environment, invitationId, location, cookie, answer, consentUrl, consent };
}

/** Where a step leads. */
export function locationOf(step: ConsentStep): string {
  if ('wait' in step) throw new Error('Another request is at work.');
  return step.location;
}
