import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll } from 'vitest';
import { type AdminBrowser, createAdminBrowser } from '../../local/entra/admin-browser.ts';
import type { HostLogEntry } from '../../local/host/host-log.ts';
import type { BrokerClient } from '../../local/sandbox/client.ts';
import type { Customer } from '../../local/sandbox/customers.ts';
import { type Sandbox, startSandbox } from '../../local/sandbox/sandbox.ts';
import type { SandboxOptions } from '../../local/sandbox/sandbox-options.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { createMessageSeal } from '../../shared/queue-message.ts';
import { createFixedSeal } from '../support/key-ring.ts';
import { createRecordedLog } from '../support/log.ts';
import { claimAccount } from '../support/storage.ts';
import { withDescription } from './documented.ts';

/** A running broker with what tests do to it. */
export interface TestEnvironment {
  readonly sandbox: Sandbox;
  readonly operator: BrokerClient;
  readonly playbook: BrokerClient;
  readonly logs: readonly HostLogEntry[];
  readonly customer: (name: string) => Customer;
  /** Invites a customer; answers the link. */
  readonly invite: (body: Record<string, unknown>) => Promise<string>;
  /** Makes a customer active by its admin's consent. */
  readonly onboard: (name: string) => Promise<Customer>;
  /**
   * Signs in and calls the callback without having been at Microsoft's consent; answers the
   * browser.
   */
  readonly forgeConsent: (link: string, account: string) => Promise<AdminBrowser>;
  /** Puts a message into a queue as the broker would. */
  readonly send: (queue: string, message: unknown, delaySeconds?: number) => Promise<Sent>;
}

/** A message that was sent. */
interface Sent {
  /** Ends its delay. */
  readonly reveal: () => Promise<void>;
}

/** Starts a broker for one test file, from the built bundle; nothing in it runs by itself. */
export async function startEnvironment(
  settings: Record<string, string> = {},
  options: Pick<SandboxOptions, 'tlsPort'> = {},
): Promise<TestEnvironment> {
  const logs: HostLogEntry[] = [];
  const sandbox = await startSandbox({
    ...options,
    lively: false,
    storage: claimAccount(),
    settings,
    log: (entry) => logs.push(entry),
  });
  afterAll(sandbox.stop);
  const operator = withDescription(await sandbox.connect('operator'));
  const playbook = withDescription(await sandbox.connect('playbook'));
  const customer = (name: string) => {
    const found = sandbox.customers.find((known) => known.name === name);
    if (!found) throw new Error(`There is no customer ${name}.`);
    return found;
  };
  const invite = async (body: Record<string, unknown>) =>
    (await operator.call('POST', '/invitations', body)).body.consent_url as string;
  const onboard = async (name: string) => {
    const known = customer(name);
    const { tenantId } = known.tenant;
    await consent(await invite({ tenant: tenantId }), known.admin);
    return known;
  };
  const forgeConsent = async (link: string, account: string) => {
    const browser = createAdminBrowser();
    await browser.begin(link);
    await browser.chooseAccount(account);
    await browser.open(toForgedCallback(browser.url));
    return browser;
  };
  const send = createSend(sandbox.settings.AzureWebJobsStorage ?? '', sandbox.ringKey);
  return { sandbox, operator, playbook, logs, customer, invite, onboard, forgeConsent, send };
}

/** What puts messages into the queues of a storage account, sealed as the broker seals them. */
export function createSend(connectionString: string, ringKey: RingKey): TestEnvironment['send'] {
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  const { seal } = createFixedSeal(ringKey);
  const messages = createMessageSeal({
    seal,
    refusals: { report: () => undefined },
    log: createRecordedLog(),
    now: Date.now,
  });
  return async (queue, message, delaySeconds = 0) => {
    const client = queues.getQueueClient(queue);
    await client.createIfNotExists();
    const text = JSON.stringify(await messages.seal(queue, message, delaySeconds * 1000));
    const { messageId, popReceipt } = await client.sendMessage(text, {
      visibilityTimeout: delaySeconds,
    });
    const reveal = async () => void (await client.updateMessage(messageId, popReceipt));
    return { reveal };
  };
}

/**
 * The success that Microsoft would answer to a request for admin consent, made up by who is asked.
 */
export function toForgedCallback(consentUrl: string): string {
  const { pathname, searchParams } = new URL(consentUrl);
  const [, tenant = ''] = pathname.split('/');
  const state = searchParams.get('state') ?? '';
  const query = new URLSearchParams({ state, admin_consent: 'True', tenant });
  return `${searchParams.get('redirect_uri')}?${query}`;
}

/** Follows a consent link as a person: sign in, accept; answers the browser on the last page. */
export async function consent(
  consentUrl: string,
  userPrincipalName: string,
  acceptLanguage = 'en',
): Promise<AdminBrowser> {
  const browser = createAdminBrowser({ acceptLanguage });
  await browser.begin(consentUrl);
  await browser.chooseAccount(userPrincipalName);
  await browser.accept();
  return browser;
}

/** The heading of the page that a browser shows. */
export function headingOf({ html }: AdminBrowser): string | undefined {
  return /<h1>(.*?)<\/h1>/s.exec(html)?.[1];
}
