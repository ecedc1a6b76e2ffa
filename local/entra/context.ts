import type { Directory, Tenant } from './directory/directory-model.ts';
import type { FaultEffect } from './faults.ts';
import type { CodeStore } from './sign-in/codes.ts';
import type { SessionStore } from './sign-in/sessions.ts';
import type { SigningKeys } from './tokens/signing-keys.ts';

/** What all endpoints share. */
export interface EntraState {
  readonly directory: Directory;
  readonly keys: SigningKeys;
  readonly codes: CodeStore;
  readonly sessions: SessionStore;
}

/** One request, routed; `now` is Entra's clock in epoch milliseconds, skew included. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly origin: string;
  /** The first segment of the path, in lower case: a GUID, a domain, `common` … */
  readonly segment: string;
  /** Undefined for `common` and its like, and for what the directory does not know. */
  readonly tenant: Tenant | undefined;
  readonly version: 1 | 2;
  readonly effects: readonly FaultEffect[];
  readonly now: number;
  readonly correlationId: string;
  /** What handlers add to the record of this request. */
  readonly notes: CallNotes;
}

/** The part of a record that only the endpoint knows. */
interface CallNotes {
  grantType?: string;
  clientId?: string;
  scope?: string;
  errorCode?: number;
}

/** Answers one request or throws an EntraError. */
export type Answer = (state: EntraState, call: Call) => Promise<Response> | Response;
