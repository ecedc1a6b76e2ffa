/** A JSON text that differs from a good one in one place, and what was done to it. */
type Mutation = readonly [what: string, text: string];

/** What a value may be by mistake. */
const ODD_VALUES: Readonly<Record<string, string>> = {
  null: 'null',
  'a number': '7',
  'a negative number': '-1',
  'a fraction': '1.5',
  'a huge number': '1e300',
  'an empty text': '""',
  'a text': '"odd"',
  'a huge text': `"${'x'.repeat(50_000)}"`,
  true: 'true',
  'an empty list': '[]',
  'a list': '[null,7,"odd",{}]',
  'an empty object': '{}',
  'an object': '{"odd":1}',
};

/** What a whole answer may be by mistake. */
const ODD_TEXTS: Readonly<Record<string, string>> = {
  ...ODD_VALUES,
  empty: '',
  'a page': '<html><body>Sign in</body></html>',
  'cut JSON': '{"a":',
};

/**
 * Every member, at any depth, missing, of other types, empty, huge and doubled; and every odd
 * answer instead.
 */
export function listMutations(good: unknown): readonly Mutation[] {
  const places = listPlaces(good, []);
  return [
    ...Object.entries(ODD_TEXTS).map(([what, text]): Mutation => [`the answer is ${what}`, text]),
    ...places.flatMap((place) => {
      const name = place.join('.');
      const put = (what: string, text: string): Mutation => [
        `${name} is ${what}`,
        render(good, place, text),
      ];
      return [
        [`${name} is missing`, render(good, place, undefined)] as const,
        ...Object.entries(ODD_VALUES).map(([what, text]) => put(what, text)),
        [
          `${name} is in a list`,
          render(good, place, `[${JSON.stringify(valueAt(good, place))}]`),
        ] as const,
        [
          `${name} is doubled`,
          render(
            good,
            place,
            `"odd",${JSON.stringify(place.at(-1))}:${JSON.stringify(valueAt(good, place))}`,
          ),
        ] as const,
      ];
    }),
  ];
}

type Place = readonly string[];

function listPlaces(value: unknown, place: Place): readonly Place[] {
  const below = Object.entries(isObject(value) ? value : {}).flatMap(([name, member]) =>
    listPlaces(member, [...place, name]),
  );
  return place.length === 0 ? below : [place, ...below];
}

/** The JSON text of a value in which the member at a place is another text, or gone. */
function render(value: unknown, [name, ...rest]: Place, text: string | undefined): string {
  const members = Object.entries(isObject(value) ? value : {}).flatMap(([key, member]) => {
    if (key !== name) return [toMember(key, JSON.stringify(member))];
    if (rest.length > 0) return [toMember(key, render(member, rest, text))];
    return text === undefined ? [] : [toMember(key, text)];
  });
  return Array.isArray(value)
    ? `[${members.map((member) => member.slice(member.indexOf(':') + 1)).join()}]`
    : `{${members.join()}}`;
}

function toMember(key: string, text: string): string {
  return `${JSON.stringify(key)}:${text}`;
}

function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (current, name) => (isObject(current) ? current[name] : undefined),
    value,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
