import { expect, test } from 'vitest';
import { toChild, toTraceContext, toTraceparent } from '../../../shared/telemetry/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;

test("the caller's trace goes on in a span of our own", () => {
  const trace = toTraceContext(PARENT, 'vendor=1, other@x=2');
  expect(trace).toEqual({
    traceId: TRACE,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    parentId: SPAN,
    sampled: true,
    state: 'vendor=1,other@x=2',
  });
  expect(trace.spanId).not.toBe(SPAN);
});

test('a step below names the step above as its parent', () => {
  const trace = toTraceContext(`00-${TRACE}-${SPAN}-00`);
  const child = toChild(trace);
  expect(child).toMatchObject({ traceId: TRACE, parentId: trace.spanId, sampled: false });
  expect(toTraceparent(child)).toBe(`00-${TRACE}-${child.spanId}-00`);
});

test('a later version is read by what it must begin with', () => {
  expect(toTraceContext(`01-${TRACE}-${SPAN}-01-more`).traceId).toBe(TRACE);
});

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['of the forbidden version', `ff-${TRACE}-${SPAN}-01`],
  ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['without a parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['in capitals', PARENT.toUpperCase()],
  ['too long for its version', `${PARENT}-more`],
  ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['joined from two', `${PARENT},${PARENT}`],
  ['followed by a line', `${PARENT}\n`],
])('a traceparent that is %s begins a new trace', (_, traceparent) => {
  const trace = toTraceContext(traceparent, 'vendor=1');
  expect(trace).toMatchObject({ parentId: undefined, sampled: true, state: undefined });
  expect(trace.traceId).toMatch(/^(?!0{32})(?!4bf92f35)[0-9a-f]{32}$/);
});

test.each(['no member', 'a=b,,c=d,=', 'A=1', `a=${'x'.repeat(600)}`, 'a=1\r\nx: y'])(
  'a tracestate like "%s" is dropped, its trace goes on',
  (tracestate) => {
    expect(toTraceContext(PARENT, tracestate)).toMatchObject({ traceId: TRACE, state: undefined });
  },
);
