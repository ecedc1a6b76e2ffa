import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { addApplication } from '../../../local/entra/directory/applications.ts';
import { addTenant, createDirectory } from '../../../local/entra/directory.ts';
import { createEntra } from '../../../local/entra/entra.ts';
import {
  createInvitationTable,
  createUsedStateTable,
} from '../../../shared/azure/consent-tables.ts';
import { type ConsentAnswer, createConsentFlow } from '../../../shared/consent/consent-flow.ts';
import { createConsentSeal } from '../../../shared/consent/consent-seal.ts';
import { createInvite } from '../../../shared/consent/invitation.ts';
import { createSeal } from '../../../shared/crypto/seal.ts';
import { createConsentEndpoints } from '../../../shared/entra/consent-endpoints.ts';
import type { ClientCredential } from '../../../shared/entra/credential/client-credential.ts';
import { createVerifyIdToken, type VerifyIdToken } from '../../../shared/entra/id-token.ts';
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

/** The consent flow over the stand-in for Entra, without HTTP between them, under a clock that stands. */
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
    requiredAppRoles: { 'defender-xdr': ['Incident.Read.All'] },
  });
  const entra = await createEntra({ directory, origin: ENTRA });
  const fetchEntra = async (input: RequestInfo | URL, init?: RequestInit) =>
    await entra.handle(new Request(input, init));
  const verified: Parameters<VerifyIdToken>[] = [];
  const verify = createVerifyIdToken({ fetch: fetchEntra, authority: ENTRA, clientId, now });
  const accepted: string[] = [];
  const invitations = createInvitationTable(openNewTable('invitations'));
  const flow = createConsentFlow({
    invitations,
    usedStates: createUsedStateTable(openNewTable('usedstates')),
    seal: createConsentSeal(createSeal(createFixedRing(createRingKey('one')), now)),
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
    acceptConsent: (id) => Promise.resolve(void accepted.push(id)),
    statusUrl: `${BROKER}/api/consent/status`,
    log: createRecordedLog(),
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
  const signIn = async (location: string): Promise<ConsentAnswer> => {
    const browser = createAdminBrowser({
      fetch: async (url, init) =>
        url.startsWith(BROKER) ? new Response() : await fetchEntra(url, init),
    });
    await browser.open(location);
    await browser.chooseAccount('admin@contoso.example');
    return Object.fromEntries(new URL(browser.url).searchParams);
  };
  return { clock, flow, invite, signIn, tenantId, accepted, verified, verify, invitations };
}
