import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ClientCredentialKind } from '../../shared/config.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import type { FunctionsHost } from '../host/functions-host.ts';
import type { Handle } from '../serve.ts';
import { getCallerToken, toAddress } from './client.ts';
import { createControl } from './control/control.ts';
import { equipClient } from './credential.ts';
import { addCustomers, type Customer, DEFAULT_CUSTOMERS } from './customers.ts';
import { createIncidentLife, type IncidentLife } from './incident-life.ts';
import { type Microsoft, startMicrosoft } from './microsoft.ts';
import { createPartner, type Partner } from './partner.ts';
import { restoreSnapshot, type Snapshot } from './persist/snapshot.ts';
import type { SandboxOptions } from './sandbox-options.ts';

/** Everything outside of the broker that is not storage. */
export interface Outside {
  readonly partner: Partner;
  readonly customers: readonly Customer[];
  readonly microsoft: Microsoft;
  readonly life: IncidentLife;
  readonly ringKey: RingKey;
  readonly credential: ClientCredentialKind;
}

/** What it is made with. */
interface OutsideParts {
  readonly publicBaseUrl: string;
  /** What a sandbox before has left. */
  readonly snapshot?: Snapshot | undefined;
  /** Receives what ends it. */
  readonly stops: (() => Promise<void>)[];
  /** The broker, once it is up, for switches that run its timers. */
  readonly running?: { readonly host?: FunctionsHost };
  /** Entra's clock, if not the real one. */
  readonly now?: () => number;
  /** Switches of its own in place of the sandbox's. */
  readonly control?: (partner: Partner, getMicrosoft: () => Microsoft) => Handle;
}

/**
 * Opens the partner's and the customers' directories and Microsoft's services, with what the broker
 * needs in them. The sandbox, the demo, the drills, the tests and the benchmark all begin here.
 */
export async function openOutside(options: SandboxOptions, parts: OutsideParts): Promise<Outside> {
  const { publicBaseUrl, snapshot, now } = parts;
  const partner = createPartner({
    publicBaseUrl,
    writeRoles: options.writeRoles ?? isLively(options),
    ...(now && { now }),
    ...(snapshot && { secrets: snapshot.secrets }),
  });
  const { customerCount = DEFAULT_CUSTOMERS } = options;
  const count = Math.max(customerCount, snapshot?.customerCount ?? 0);
  const customers = addCustomers(partner.directory, count);
  const { microsoft, life } = await openMicrosoft(options, { ...parts, partner, customers });
  const credential = options.credential ?? 'secret';
  if (snapshot) restoreSnapshot({ partner, microsoft }, snapshot);
  // An identity is trusted at the address of this start.
  if (snapshot?.credential !== credential || credential === 'managed-identity') {
    equipClient({ partner, microsoft }, credential);
  }
  const ringKey = findRingKey(microsoft) ?? addRingKey(microsoft);
  if (!snapshot) addReceiptKey(microsoft);
  return { partner, customers, microsoft, life, ringKey, credential };
}

/** Microsoft's services with their switches, and what happens to customers' incidents by itself. */
async function openMicrosoft(
  options: SandboxOptions,
  parts: OutsideParts & { readonly partner: Partner; readonly customers: readonly Customer[] },
) {
  const { partner, customers, snapshot, stops } = parts;
  const { microsoftPort, onSwitch } = options;
  const control =
    parts.control?.(partner, () => microsoft) ??
    createControl({
      partner,
      customers,
      brokerUrl: parts.publicBaseUrl,
      runTimer: (name) =>
        parts.running?.host?.runFunction(name) ??
        Promise.reject(new Error('The broker is not up yet.')),
      getToken: (name) => getCallerToken(toAddress(microsoft.url, partner, name)),
      ...(onSwitch && { onSwitch }),
      getMicrosoft: () => microsoft,
      getLife: () => life,
    });
  const microsoft: Microsoft = await startMicrosoft({
    directory: partner.directory,
    control,
    ...(snapshot && { signingKeys: snapshot.signingKeys }),
    ...(microsoftPort !== undefined && { port: microsoftPort }),
  });
  const life = createIncidentLife({ incidents: microsoft.incidents, customers });
  stops.push(microsoft.stop, life.stop);
  return { microsoft, life };
}

/** The key that a vault before held. */
function findRingKey({ keyVault }: Microsoft): RingKey | undefined {
  const version = keyVault.exportVersions().findLast(({ name }) => name === RING_KEY_NAME);
  return (
    version && {
      kid: version.version,
      key: Buffer.from(version.value, 'base64url'),
      createdAt: version.created,
    }
  );
}

const RING_KEY_NAME = 'token-encryption-key';

/** Adds a first key of the ring, as the deployment makes one. */
function addRingKey({ keyVault }: Microsoft): RingKey {
  const key = randomBytes(32);
  const kid = keyVault.setSecret(RING_KEY_NAME, key.toString('base64url'));
  return { kid, key, createdAt: Date.now() };
}

/** The key that signs receipts, as the deployment makes one. */
function addReceiptKey({ keyVault }: Microsoft): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  keyVault.setSecret('receipt-signing-key', pem);
}

/** Whether things happen by themselves. */
export function isLively({ lively = true }: SandboxOptions): boolean {
  return lively;
}
