import { randomBytes } from 'node:crypto';

/** One piece of work in a trace (W3C Trace Context). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** `undefined`: the trace begins here. */
  readonly parentId: string | undefined;
  /** Whoever began the trace wants it recorded. */
  readonly sampled: boolean;
  /** The caller's `tracestate`: recorded with our own spans, sent to nobody. */
  readonly state: string | undefined;
}

/**
 * Version 00 as it is written, later versions by what they must begin with (W3C Trace Context,
 * section 3.2).
 */
const TRACE_PARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

const STATE_MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,256}$/;

/** What vendors have to let pass; more than that is dropped. */
const MAX_TRACESTATE_LENGTH = 512;

/** Continues the caller's trace, or begins one where `traceparent` is missing or malformed. */
export function toTraceContext(traceparent?: string, tracestate?: string): TraceContext {
  const [, version, traceId, parentId, flags = '00', rest] =
    TRACE_PARENT.exec(traceparent ?? '') ?? [];
  const spanId = toSpanId();
  if (traceId === undefined || (version === '00' && rest !== undefined)) {
    const own = randomBytes(16).toString('hex');
    return { traceId: own, spanId, parentId: undefined, sampled: true, state: undefined };
  }
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, parentId, sampled, state: findState(tracestate) };
}

/** A step below `parent`, such as a request to somebody else. */
export function toChild({ traceId, spanId, sampled, state }: TraceContext): TraceContext {
  return { traceId, spanId: toSpanId(), parentId: spanId, sampled, state };
}

/** The header `traceparent` of a request that is sent within this piece of work. */
export function toTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

function findState(tracestate: string | undefined): string | undefined {
  if (!tracestate || tracestate.length > MAX_TRACESTATE_LENGTH) return undefined;
  const members = tracestate.split(',').map((member) => member.trim());
  return members.every((member) => STATE_MEMBER.test(member)) ? members.join(',') : undefined;
}

function toSpanId(): string {
  return randomBytes(8).toString('hex');
}
