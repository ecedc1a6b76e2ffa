import { expect, test } from 'vitest';
import {
  DETERMINATIONS,
  type IncidentUpdateInput,
  parseIncidentUpdate,
} from '../../../shared/incidents/incident-update.ts';

const FITTING = Object.entries(DETERMINATIONS).flatMap(([classification, determinations]) =>
  determinations.map((determination) => [classification, determination] as const),
);

test.each(FITTING)(
  '%s may be determined as %s, sent or stored',
  (classification, determination) => {
    const sent = { classification, determination };
    expect(parseIncidentUpdate(sent, 'unknown')).toMatchObject(sent);
    expect(parseIncidentUpdate({ determination }, classification)).toMatchObject({ determination });
  },
);

test.each<[IncidentUpdateInput, IncidentUpdateInput]>([
  [{ status: 'InProgress' }, { status: 'inProgress' }],
  [{ classification: 'TruePositive' }, { classification: 'truePositive' }],
  [
    { classification: 'TruePositive', determination: 'CompromisedAccount' },
    { classification: 'truePositive', determination: 'compromisedUser' },
  ],
  [
    { classification: 'FalsePositive', determination: 'NoEnoughDataToValidate' },
    { classification: 'falsePositive', determination: 'insufficientData' },
  ],
  [
    {
      classification: 'InformationalExpectedActivity',
      determination: 'ConfirmedUserActivity',
    },
    { classification: 'informationalExpectedActivity', determination: 'confirmedActivity' },
  ],
])('the words of the older API are understood: %j', (input, update) => {
  expect(parseIncidentUpdate(input, undefined)).toMatchObject(update);
});

test.each<[IncidentUpdateInput, string | undefined, string, string]>([
  [{ status: 'redirected' }, undefined, 'status', 'Use one of active, inProgress, resolved.'],
  [{ status: 'RESOLVED' }, undefined, 'status', 'Use one of active, inProgress, resolved.'],
  [
    { classification: 'benign' },
    undefined,
    'classification',
    'Use one of truePositive, informationalExpectedActivity, falsePositive.',
  ],
  [
    { determination: 'malware' },
    'falsePositive',
    'determination',
    'Use one of clean, insufficientData, other.',
  ],
  [
    { classification: 'falsePositive', determination: 'malware' },
    'truePositive',
    'determination',
    'Use one of clean, insufficientData, other.',
  ],
])('%j is refused where %s is stored, with the values that there are', (...row) => {
  const [input, stored, name, remedy] = row;
  expect(() => parseIncidentUpdate(input, stored)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: `The parameter ${name} is not acceptable.`,
      details: { owner: 'caller', remedy },
    }),
  );
});

test.each(['unknown', undefined])(
  'a determination needs a classification where %s is stored',
  (stored) => {
    expect(() => parseIncidentUpdate({ determination: 'malware' }, stored)).toThrow(
      'A determination needs a classification.',
    );
  },
);

test('a tag counts once; an empty text takes the assignment back', () => {
  const input = { tags: ['a', 'b', 'a'], assignedTo: '' };
  expect(parseIncidentUpdate(input, undefined)).toMatchObject({ tags: ['a', 'b'], assignedTo: '' });
});
