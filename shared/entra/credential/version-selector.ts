import type { RecordCredential } from '../../audit/record-credential.ts';
import type { ClientCredentialKind } from '../../config.ts';
import type { Log } from '../../log.ts';
import { toDelayMs } from '../../retry/delay.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { DAY } from '../../time.ts';
import type { Prove } from './home-tenant.ts';
import { createVersionCache } from './version-cache.ts';
import type { CredentialVersion, ToCredentialVersion, VersionStore } from './versions.ts';

/** Operators are reminded of an end that is nearer than this, once a day and process. */
const EXPIRY_WARNING_MS = 30 * DAY;

/** What the selector is made with. */
export interface VersionSelectorParts {
  readonly kind: Exclude<ClientCredentialKind, 'managed-identity'>;
  readonly versions: VersionStore;
  readonly toVersion: ToCredentialVersion;
  readonly prove: Prove;
  /** Tells the ledger; must not reject. */
  readonly record: RecordCredential;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

/** Which version of the credential is in use. */
export interface VersionSelector {
  /** `undefined`: none was found yet. */
  active(): CredentialVersion | undefined;
  /** Looks for a newer version in the vault; rejects when the vault does not answer. */
  look(): Promise<void>;
  /**
   * Entra refused the active version: `true` when another has taken its place. Without proof that
   * the refusal concerns everybody, only a version that the home tenant accepts takes it.
   */
  replace(refused: CredentialVersion, isProven: boolean): Promise<boolean>;
  /** What is wrong with versions that can't be used. */
  problems(): readonly string[];
}

/**
 * Creates the selector. A working version is replaced only by one that the home tenant accepts; the
 * first version of a process is taken on trust, since Entra's refusal would bring the one before it
 * forward.
 */
export function createVersionSelector(parts: VersionSelectorParts): VersionSelector {
  const { kind, record, log, now } = parts;
  const cache = createVersionCache(parts);
  const cooldowns = createCooldowns(now);
  const warnOfEnd = createExpiryWarning(parts);
  let active: CredentialVersion | undefined;

  const use = async (next: CredentialVersion | undefined, reason: string): Promise<boolean> => {
    if (!next) return false;
    const { version, createdAt } = next;
    log.info('credential.in_use', { kind, version, reason });
    active = next;
    await record({ kind, version, createdAt, change: 'put' });
    return true;
  };

  return {
    active: () => active,
    async look() {
      const loaded = await cache.load();
      const place = loaded.findIndex(({ version }) => version === active?.version);
      active = loaded[place] ?? active;
      if (active) {
        const newer = loaded.slice(0, place < 0 ? undefined : place).filter(cooldowns.isOver);
        await use((await judge(parts, cooldowns, newer)).accepted, 'promoted');
      } else await use(loaded[0], 'first');
      warnOfEnd(active);
    },
    async replace(refused, isProven) {
      // With the vault out of reach, the version before is in memory, if there is one.
      const loaded = await cache.load().catch(cache.known);
      const others = loaded.filter(({ version }) => version !== refused.version);
      const { accepted, unknown } = await judge(parts, cooldowns, others);
      // Nothing is lost by showing one that the home tenant said nothing about, if this one is
      // refused everywhere.
      const next = accepted ?? (isProven ? unknown : undefined);
      if (isProven || next) cooldowns.start(refused);
      const isReplaced = await use(next, 'refused');
      const { version, createdAt } = refused;
      if (isReplaced) await record({ kind, version, createdAt, change: 'refused' });
      return isReplaced;
    },
    problems: cache.problems,
  };
}

type Cooldowns = ReturnType<typeof createCooldowns>;

/** Remembers when a refused version may be shown again. */
function createCooldowns(now: () => number) {
  const until = new Map<string, number>();
  return {
    isOver: ({ version }: CredentialVersion) => now() >= (until.get(version) ?? 0),
    start: ({ version }: CredentialVersion) =>
      until.set(version, now() + toDelayMs('entra.version_refused')),
  };
}

/** The newest that the home tenant accepts; without one, the newest of which it said nothing. */
async function judge(
  { prove, kind, log }: VersionSelectorParts,
  cooldowns: Cooldowns,
  candidates: readonly CredentialVersion[],
): Promise<{ accepted?: CredentialVersion; unknown?: CredentialVersion }> {
  let unknown: CredentialVersion | undefined;
  for (const candidate of candidates) {
    const verdict = await prove(candidate.present);
    if (verdict === 'accepted') return { accepted: candidate };
    if (verdict === 'refused') cooldowns.start(candidate);
    else unknown ??= candidate;
    log.warn('credential.not_accepted', { kind, version: candidate.version, verdict });
  }
  return unknown ? { unknown } : {};
}

function createExpiryWarning({ kind, metrics, log, now }: VersionSelectorParts) {
  let warnAt = Number.NEGATIVE_INFINITY;
  return (version: CredentialVersion | undefined): void => {
    const left = (version?.expiresAt ?? Number.POSITIVE_INFINITY) - now();
    const days = Math.floor(left / DAY);
    if (Number.isFinite(days)) metrics.gauge('credential.days_left', days, { kind });
    if (left > EXPIRY_WARNING_MS || now() < warnAt) return;
    warnAt = now() + DAY;
    log.warn('credential.expiring', {
      kind,
      version: version?.version,
      days_left: days,
    });
  };
}
