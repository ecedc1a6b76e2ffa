import type { HuntStatus } from '../../docs/client/broker-api.ts';
import { toCount } from '../words.ts';

type Customer = HuntStatus['value'][number];

/** What Microsoft said about the query, once for all customers at which it said the same. */
export function HuntProblems({ customers }: { customers: readonly Customer[] }) {
  const refused = customers.filter(({ microsoft }) => microsoft !== undefined);
  const groups = Map.groupBy(refused, toWords);
  return (
    <>
      {[...groups].map(([words, group]) => (
        <div key={words} class="notice bad" role="note">
          <p>
            <strong>Microsoft refuses the query at {toCount(group.length, 'customer')}.</strong>
          </p>
          <p>{words}</p>
        </div>
      ))}
    </>
  );
}

function toWords({ microsoft, line, column }: Customer): string {
  const place = line === undefined ? '' : `Line ${line}, column ${column ?? '?'}: `;
  return `${place}${microsoft}`;
}
