import type { CustomerState } from './customer-state.ts';

const FIRST_WORDS = [
  ...['Alpine', 'Baldwin', 'Coho', 'Delta', 'Elm', 'Fourth', 'Graphic', 'Harbor', 'Inland'],
  ...['Juniper', 'Keystone', 'Lucerne', 'Margie', 'Nod', 'Olympic', 'Pinewood', 'Quarry'],
  ...['Relecloud', 'Southridge', 'Trey', 'Umbra', 'Vista', 'Wide', 'Yonder', 'Zephyr'],
];
const SECOND_WORDS = [
  ...['Bank', 'Clinic', 'Foods', 'Freight', 'Hotels', 'Insurance', 'Law', 'Media', 'Motors'],
  ...['Museum', 'Network', 'Pharma', 'Power', 'Publishing', 'Research', 'Schools', 'Steel'],
  ...['Toys', 'Travel', 'Winery'],
];

/** The name of the fleet's customer of this number; all below 500 differ. */
export function toFleetName(number: number): string {
  const first = number % FIRST_WORDS.length;
  const round = Math.floor(number / FIRST_WORDS.length);
  const second = (first * 7 + round) % SECOND_WORDS.length;
  return `${FIRST_WORDS[first]} ${SECOND_WORDS[second]}`;
}

/** Of twenty customers twelve are as they should be. */
const STATES: readonly CustomerState[] = [
  ...(['active', 'active', 'ready to consent', 'active', 'consent revoked'] as const),
  ...(['active', 'active', 'role missing', 'active', 'invited'] as const),
  ...(['active', 'active', 'disabled', 'active', 'throttled'] as const),
  ...(['active', 'active', 'no Defender licence', 'active', 'slow roles'] as const),
];

/** How the fleet's customer of this number stands. */
export function toFleetState(number: number): CustomerState {
  if (number % 40 === 22) return 'link opened';
  if (number % 40 === 29) return 'signed in';
  return STATES[number % STATES.length] ?? 'active';
}

/**
 * What the fleet's customer of this number is tagged with: how much it pays for, and where it is.
 */
export function toFleetTags(number: number): readonly string[] {
  const tier = number % 7 === 0 ? 'gold' : number % 3 === 0 ? 'silver' : 'bronze';
  const region = ['emea', 'americas', 'apac'][number % 4];
  return region === undefined ? [tier] : [tier, region];
}
