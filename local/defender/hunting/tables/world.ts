import { createRandom } from '../../random.ts';

/** Words that a customer's data is made of. */
export interface CustomerWords {
  readonly domain: string;
  readonly devices: readonly { readonly id: string; readonly name: string; readonly os: string }[];
  readonly people: readonly { readonly name: string; readonly upn: string; readonly sid: string }[];
}

const NAMES = ['ana.ruiz', 'marco.conti', 'li.wei', 'sara.lindgren', 'omar.haddad', 'kim.novak'];
const KINDS = ['fin', 'hr', 'dev', 'srv', 'lab', 'dc'];
const SYSTEMS = ['Windows11', 'WindowsServer2022', 'macOS', 'Linux'];
const DEVICES = 12;

/** The devices and people of a customer, the same in all its tables. */
export function makeCustomerWords(tenantId: string): CustomerWords {
  const random = createRandom(`${tenantId} words`);
  const domain = `customer-${tenantId.slice(0, 8)}.example`;
  return {
    domain,
    devices: Array.from({ length: DEVICES }, (_, index) => ({
      id: random.hex(40),
      name: `${KINDS[index % KINDS.length]}-${random.hex(4)}.${domain}`,
      os: random.pick(SYSTEMS),
    })),
    people: NAMES.map((name) => ({
      name,
      upn: `${name}@${domain}`,
      sid: `S-1-5-21-${random.below(2 ** 31)}-${random.below(2 ** 31)}-${1000 + random.below(9000)}`,
    })),
  };
}
