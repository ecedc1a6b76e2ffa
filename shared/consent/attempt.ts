import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Seal } from '../crypto/seal.ts';
import { REFUSALS, type Refusal } from '../invitations/refusal.ts';
import type { Store, Stored } from '../store.ts';

/**
 * Where an attempt stands. While it is `redeeming` or `accepting`, one request is at work and
 * others wait.
 */
const ATTEMPT_STAGES = [
  'started',
  'redeeming',
  'signed_in',
  'accepting',
  'accepted',
  'refused',
] as const;

/** Who signed in, from a verified id_token. */
export interface Person {
  readonly tenantId: string;
  readonly userName: string | undefined;
  /** The domain of the user's name, where Entra says that it is the tenant's. */
  readonly domain: string | undefined;
  /** The id_token names a directory role that may consent. */
  readonly mayConsent: boolean;
}

/** Why an attempt ended, as its page says. */
interface AttemptRefusal {
  readonly refusal: Refusal;
  readonly entraCode?: number | undefined;
}

/**
 * One press of the button, kept on the server: the browser has only its cookie. So whatever a
 * browser sends twice, in two tabs or after the back button finds how far its attempt has come.
 * Epoch milliseconds.
 */
export interface Attempt {
  /** Hash of the browser's cookie. */
  readonly browserHash: string;
  /** Names the attempt; `state` carries it. */
  readonly sid: string;
  /** The id that stands in the link. */
  readonly invitationId: string;
  /**
   * The tenant whose sign-in page was asked; its code can be redeemed nowhere else. `undefined`: of
   * any organisation.
   */
  readonly signInTenantId: string | undefined;
  readonly stage: (typeof ATTEMPT_STAGES)[number];
  readonly stageAt: number;
  readonly expiresAt: number;
  /**
   * Fresh per request to Entra: nonce (OpenID Connect Core section 3.1.2.1), PKCE verifier (RFC
   * 7636 section 4.1).
   */
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly person?: Person | undefined;
  /** Accepted, but an operator has to approve it. */
  readonly needsApproval?: boolean | undefined;
  readonly refused?: AttemptRefusal | undefined;
}

/** What an attempt is kept under. */
export type AttemptKey = Pick<Attempt, 'browserHash' | 'sid'>;

/** An attempt at rest: all of it is sealed, and ends by itself. */
export interface AttemptRow extends AttemptKey {
  readonly sealed: string;
  readonly expiresAt: number;
}

/** The rows of the attempts. */
export interface AttemptRows extends Store<AttemptKey, AttemptRow> {
  /** The attempts of one browser. */
  list(browserHash: string): Promise<readonly AttemptRow[]>;
}

/** The attempts that are not over; no write overwrites one that it has not seen. */
export interface Attempts {
  insert(attempt: Attempt): Promise<void>;
  find(key: AttemptKey): Promise<Stored<Attempt> | undefined>;
  /** `undefined`: another request moved it meanwhile. */
  replace(stored: Stored<Attempt>, next: Attempt): Promise<Stored<Attempt> | undefined>;
  /** The attempts of one browser, the last that moved first. */
  list(browserHash: string): Promise<readonly Attempt[]>;
}

const attemptSchema = v.object({
  invitationId: v.string(),
  signInTenantId: v.optional(v.string()),
  stage: v.picklist(ATTEMPT_STAGES),
  stageAt: v.number(),
  expiresAt: v.number(),
  nonce: v.string(),
  codeVerifier: v.string(),
  person: v.optional(
    v.object({
      tenantId: v.string(),
      userName: v.optional(v.string()),
      domain: v.optional(v.string()),
      mayConsent: v.boolean(),
    }),
  ),
  needsApproval: v.optional(v.boolean()),
  refused: v.optional(
    v.object({ refusal: v.picklist(REFUSALS), entraCode: v.optional(v.number()) }),
  ),
});

/**
 * Creates the attempts over sealed rows; a row opens only under the browser and the id that it was
 * made for.
 */
export function createAttempts({ rows, seal }: { rows: AttemptRows; seal: Seal }): Attempts {
  const close = async ({ browserHash, sid, ...attempt }: Attempt): Promise<AttemptRow> => {
    const { expiresAt } = attempt;
    const binding = { context: { browserHash, sid }, expiresAt };
    const sealed = await seal.seal('consent attempt', attempt, binding);
    return { browserHash, sid, sealed, expiresAt };
  };
  const open = async ({ browserHash, sid, sealed }: AttemptRow): Promise<Attempt | undefined> => {
    const opened = await seal.open('consent attempt', sealed, { browserHash, sid });
    const read = v.safeParse(attemptSchema, 'value' in opened ? opened.value : undefined);
    return read.success ? toAttempt({ browserHash, sid }, read.output) : undefined;
  };
  return {
    async insert(attempt) {
      await rows.insert(await close(attempt));
    },
    async find(key) {
      const stored = await rows.find(key);
      const value = stored && (await open(stored.value));
      return stored && value && { value, etag: stored.etag };
    },
    async replace({ etag }, next) {
      const row = await close(next);
      const written = await rows.replace({ value: row, etag }, row);
      return written && { value: next, etag: written.etag };
    },
    async list(browserHash) {
      const opened = await Promise.all((await rows.list(browserHash)).map(open));
      return opened
        .filter((attempt) => attempt !== undefined)
        .toSorted((a, b) => b.stageAt - a.stageAt);
    },
  };
}

function toAttempt(
  key: AttemptKey,
  { person, signInTenantId, ...rest }: v.InferOutput<typeof attemptSchema>,
): Attempt {
  const known = person && { ...person, userName: person.userName, domain: person.domain };
  return { ...key, ...rest, signInTenantId, person: known };
}

/** What a browser is known by: who reads the table does not learn its cookie. */
export function hashBrowser(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url');
}

/** 256 bits that nobody guesses. */
export function createRandom(): string {
  return randomBytes(32).toString('base64url');
}
