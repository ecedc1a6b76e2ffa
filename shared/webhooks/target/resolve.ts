import { findAddress, isPublicAddress } from './address.ts';

/** An address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Asks DNS for every address of a name. */
export type LookUp = (hostname: string) => Promise<readonly HostAddress[]>;

/** The addresses of a host, all of them public; rejects with AddressRefused when one is not. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>;

/** For a host that has an address which is not public. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Creates the lookup that answers public addresses only. An address looked up stands for itself.
 */
export function createResolve(lookUp: LookUp, isAllowed = isPublicAddress): Resolve {
  return async (hostname) => {
    const literal = findAddress(hostname);
    const addresses = literal === undefined ? await lookUp(hostname) : [toHostAddress(literal)];
    if (addresses.length === 0) throw new Error('The host has no address.');
    if (!addresses.every(({ address }) => isAllowed(address))) {
      throw new AddressRefused('The host has an address that is not public.');
    }
    return addresses;
  };
}

function toHostAddress(address: string): HostAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}
