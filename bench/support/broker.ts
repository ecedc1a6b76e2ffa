import { randomBytes } from 'node:crypto';
import { createSeal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createMatchToken } from '../../shared/tokens/claims/match-token.ts';
import { createTokenSeal, type TokenSeal } from '../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../shared/tokens/source/lease.ts';
import { createTokenSource } from '../../shared/tokens/source/token-source.ts';
import { createTokenBroker, type TokenBroker } from '../../shared/tokens/token-broker.ts';
import { createTokenIssuer, type RequestToken } from '../../shared/tokens/token-issuer.ts';
import type { ReportTokenOutcome } from '../../shared/tokens/token-outcome.ts';
import type { TokenStore } from '../../shared/tokens/token-record.ts';
import { CLIENT_ID, RESOURCES } from './access-token.ts';
import { createRing } from './ring.ts';

/** What differs between the brokers that are measured. */
interface BenchBrokerParts {
  readonly tokens: TokenStore;
  readonly requestToken: RequestToken;
  readonly clientId?: string;
  readonly report?: ReportTokenOutcome;
  readonly now?: () => number;
  readonly seal?: TokenSeal;
}

/** A log that says nothing. */
export const SILENT: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  note: () => undefined,
};

/** The app roles that customers have to grant. */
export const REQUIRED_ROLES = new Map([['defender-xdr', ['Incident.Read.All']] as const]);

const KEY = { kid: 'bench', key: new Uint8Array(randomBytes(32)), createdAt: 0 };

export const RING = createRing(KEY);

/** Wires the real broker, source, leases, seal and comparison; only the outside is chosen. */
export function createBenchBroker(parts: BenchBrokerParts): TokenBroker {
  const { tokens, requestToken, clientId = CLIENT_ID, now = Date.now } = parts;
  const matchToken = createMatchToken({ resources: RESOURCES, clientId, log: SILENT });
  const source = createTokenSource({
    tokens,
    leases: createLeases({ tokens, now }),
    seal: parts.seal ?? createTokenSeal({ ring: RING, seal: createSeal(RING, now) }),
    issueToken: createTokenIssuer({ requestToken, matchToken }),
    matchToken,
    requiredRoles: REQUIRED_ROLES,
    report: parts.report ?? (() => Promise.resolve()),
    now,
  });
  return createTokenBroker({ source, metrics: createMeter(), log: SILENT, now });
}
