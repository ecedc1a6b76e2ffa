import type * as v from 'valibot';
import type { AppRole } from '../../shared/callers/caller.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { AnswerName } from './answers.ts';

/** A body that a tool may send, ready to be sent to a broker that knows the example's tenant. */
export interface ExampleRequest {
  readonly summary: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A route for tools as the description has it. */
export interface ApiOperation {
  /** The function's name. */
  readonly id: string;
  /** `POST tenants/{tenant}/token`, as in the routing table. */
  readonly target: string;
  readonly role?: AppRole;
  readonly summary: string;
  readonly query?: v.GenericSchema;
  /** The tenant of its example, where it may not be the usual one. */
  readonly tenant?: string;
  /** A query without which the route refuses to answer. */
  readonly sample?: string;
  readonly body?: v.GenericSchema;
  readonly forms?: boolean;
  readonly examples?: Readonly<Record<string, ExampleRequest>>;
  /** `made`: 201 with the same answer where the thing was not there before. */
  readonly success: {
    readonly status: number;
    readonly answer?: AnswerName;
    readonly made?: boolean;
  };
  readonly errors: readonly ErrorCode[];
}

/** What every route of the API may answer. */
export const COMMON: readonly ErrorCode[] = [
  'invalid_token',
  'insufficient_scope',
  'temporarily_unavailable',
  'server_error',
];
