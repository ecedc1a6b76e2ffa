import { BrokerError } from '../errors.ts';

/**
 * The documented values of an update, in Graph's words ("Update incident", Microsoft Graph v1.0).
 */
export const UPDATE_STATUSES = ['active', 'inProgress', 'resolved'] as const;

/**
 * What an incident can turn out to be, and what it then may be determined as ("Update incidents
 * API").
 */
export const DETERMINATIONS = {
  truePositive: [
    'multiStagedAttack',
    'maliciousUserActivity',
    'compromisedUser',
    'malware',
    'phishing',
    'unwantedSoftware',
    'other',
  ],
  informationalExpectedActivity: [
    'securityTesting',
    'lineOfBusinessApplication',
    'confirmedActivity',
    'other',
  ],
  falsePositive: ['clean', 'insufficientData', 'other'],
} as const;

/** What an incident can turn out to be. */
type Classification = keyof typeof DETERMINATIONS;

/** What the analyst's tool changes; what is left out stays as it is. */
export interface IncidentUpdate {
  readonly status?: (typeof UPDATE_STATUSES)[number] | undefined;
  /** An empty text takes the assignment back. */
  readonly assignedTo?: string | undefined;
  readonly classification?: Classification | undefined;
  readonly determination?: string | undefined;
  /** All custom tags: the list replaces the one before. */
  readonly tags?: readonly string[] | undefined;
  /** Appended. */
  readonly comment?: string | undefined;
}

/** An update in the words of whoever sent it. */
export type IncidentUpdateInput = {
  readonly [Field in keyof IncidentUpdate]: Field extends 'tags'
    ? readonly string[] | undefined
    : string | undefined;
};

/** Words of the older API that differ by more than their first letter ("Update incidents API"). */
const OLDER_WORDS: Readonly<Record<string, string>> = {
  compromisedAccount: 'compromisedUser',
  confirmedUserActivity: 'confirmedActivity',
  noEnoughDataToValidate: 'insufficientData',
};

/**
 * Turns what was sent into Graph's words; throws `invalid_request` with the values that there are.
 * A determination has to fit the classification that is sent, or else the stored one.
 */
export function parseIncidentUpdate(
  input: IncidentUpdateInput,
  storedClassification: string | undefined,
): IncidentUpdate {
  const { status, classification, determination, assignedTo, comment, tags } = input;
  const parsed = parseWord('classification', classification, toNames(DETERMINATIONS));
  const effective = parsed ?? toNames(DETERMINATIONS).find((name) => name === storedClassification);
  return {
    status: parseWord('status', status, UPDATE_STATUSES),
    classification: parsed,
    determination: parseDetermination(determination, effective),
    assignedTo,
    comment,
    tags: tags && [...new Set(tags)],
  };
}

function parseDetermination(
  determination: string | undefined,
  classification: Classification | undefined,
): string | undefined {
  if (determination === undefined) return undefined;
  if (classification) {
    return parseWord('determination', determination, DETERMINATIONS[classification]);
  }
  throw new BrokerError('invalid_request', 'A determination needs a classification.', {
    owner: 'caller',
    remedy: `Send one of ${toNames(DETERMINATIONS).join(', ')} as classification with it.`,
  });
}

function parseWord<T extends string>(
  name: string,
  word: string | undefined,
  words: readonly T[],
): T | undefined {
  if (word === undefined) return undefined;
  const graphWord = `${word.slice(0, 1).toLowerCase()}${word.slice(1)}`;
  const known = words.find((one) => one === (OLDER_WORDS[graphWord] ?? graphWord));
  if (known) return known;
  throw new BrokerError('invalid_request', `The parameter ${name} is not acceptable.`, {
    owner: 'caller',
    remedy: `Use one of ${words.join(', ')}.`,
  });
}

function toNames<T extends object>(record: T): readonly (keyof T)[] {
  // Object.keys forgets which names an object of constants has.
  return Object.keys(record) as (keyof T)[];
}
