import type { ClientCredentialKind } from '../../shared/config.ts';
import type { HostLogEntry } from '../host/host-log.ts';

/** Where and how a sandbox runs. */
export interface SandboxOptions {
  /** The broker's port; a free one when absent. */
  readonly port?: number;
  /** The port of the stand-ins; a free one when absent. */
  readonly microsoftPort?: number;
  /**
   * Also serves TLS, on this port (0: a free one); the broker is then reached by
   * `https://localhost`.
   */
  readonly tlsPort?: number | undefined;
  /** A running Azurite; an own one in memory when absent. */
  readonly storage?: string;
  /** The folder in which an own Azurite and the stand-ins keep everything for the next start. */
  readonly persist?: string;
  /** `false`: nothing runs by itself, and customers are not onboarded. */
  readonly lively?: boolean;
  /** Whether customers are asked for the roles that change incidents; as `lively` when absent. */
  readonly writeRoles?: boolean;
  /** How the broker proves itself to Entra; by a secret when absent. */
  readonly credential?: ClientCredentialKind;
  /** How many demo customers there are; the six of the documents when absent. */
  readonly customerCount?: number;
  /** Called when a switch was thrown, with its name and the customer's domain. */
  readonly onSwitch?: (scenario: string, domain: string | undefined) => void;
  /** Called while customers are onboarded. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (entry: HostLogEntry) => void;
}
