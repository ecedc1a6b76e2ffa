import { setTimeout } from 'node:timers/promises';
import * as v from 'valibot';
import { Refusal, type RetryAfterPlace, tooManyRequests } from './refusal.ts';

/** The body of a list as it goes out. */
export interface ListPage {
  readonly value: readonly unknown[];
  readonly '@odata.nextLink'?: string;
}

/** What happens to a list on its way out. */
export type Alter = (page: ListPage) => ListPage;

/** What can go wrong in place of an answer, or with it on its way; `delay` in milliseconds. */
export type Fault =
  | {
      readonly kind: 'throttled';
      readonly retryAfterSeconds?: number;
      readonly retryAfterIn?: RetryAfterPlace;
    }
  | { readonly kind: 'failing'; readonly status?: 403 | 500 | 502 | 503 | 504 }
  | { readonly kind: 'slow'; readonly delay: number }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'altered'; readonly alter: Alter }
  | { readonly kind: 'instead'; readonly respond: () => Response };

/**
 * A fault for the next `times` answers (until cleared when absent) to one tenant (to all when
 * absent).
 */
export type InjectedFault = Fault & { readonly times?: number; readonly tenantId?: string };

/** The switches of one stand-in; the oldest fault that applies is the one that happens. */
export interface Faults {
  readonly inject: (fault: InjectedFault) => void;
  readonly clear: () => void;
  /** What goes wrong now, with how often it still will. */
  readonly list: () => readonly InjectedFault[];
  /**
   * The fault for the next answer to this tenant, counted as used; `undefined` when all is well.
   */
  readonly take: (tenantId?: string) => Fault | undefined;
}

/** Starts without any fault. */
export function createFaults(): Faults {
  const waiting: { readonly fault: InjectedFault; left: number }[] = [];
  return {
    inject(fault) {
      waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      waiting.length = 0;
    },
    list: () =>
      waiting
        .filter(({ left }) => left > 0)
        .map(({ fault, left }) => ({ ...fault, ...(Number.isFinite(left) && { times: left }) })),
    take(tenantId) {
      const next = waiting.find(
        ({ fault, left }) => left > 0 && (fault.tenantId ?? tenantId) === tenantId,
      );
      if (!next) return undefined;
      next.left -= 1;
      return next.fault;
    },
  };
}

/**
 * Answers, but as the fault has it; a dropped connection is a rejection that is not a {@link
 * Refusal}.
 */
export async function answerUnder(
  fault: Fault | undefined,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
      return await answer();
    case 'throttled':
      throw tooManyRequests(fault.retryAfterSeconds ?? 30, fault.retryAfterIn ?? 'header');
    case 'failing':
      throw fault.status === 403
        ? new Refusal(403, 'Forbidden', { message: 'Caller is not authorized to perform action.' })
        : new Refusal(fault.status ?? 500, 'InternalServerError', {
            message: 'An internal server error occurred.',
          });
    case 'slow':
      await setTimeout(fault.delay);
      return await answer();
    case 'dropped':
      throw new Error('The stand-in dropped the connection on purpose.');
    case 'truncated':
      return await truncate(await answer());
    case 'partial':
      return await toPartial(await answer());
    case 'instead':
      return fault.respond();
    case 'altered':
      return await alterPage(await answer(), fault.alter);
  }
}

async function truncate(response: Response): Promise<Response> {
  const text = await response.text();
  return new Response(text.slice(0, Math.ceil(text.length / 2)), response);
}

/** 206 with half of the values, as Graph answers when one of its providers did not. */
async function toPartial(response: Response): Promise<Response> {
  const half = await alterPage(response, (page) => ({
    ...page,
    value: page.value.slice(0, Math.floor(page.value.length / 2)),
  }));
  const warning = '199 - "Microsoft/Defender/504/30000"';
  return new Response(half.body, { status: 206, headers: { ...JSON_TYPE, warning } });
}

const JSON_TYPE = { 'content-type': 'application/json' };

const pageSchema = v.looseObject({ value: v.array(v.unknown()) });

/** What is no list stays as it is. */
async function alterPage(response: Response, alter: Alter): Promise<Response> {
  const body: unknown = await response.json();
  const altered = v.is(pageSchema, body) ? alter(body) : body;
  return Response.json(altered, { status: response.status });
}
