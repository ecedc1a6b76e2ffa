import type { Customer } from '../customers.ts';
import type { IncidentLife } from '../incident-life.ts';
import type { Microsoft } from '../microsoft.ts';
import type { Partner, ToolName } from '../partner.ts';

/** What the switches of a sandbox act on. */
export interface ControlParts {
  readonly partner: Partner;
  readonly customers: readonly Customer[];
  readonly brokerUrl: string;
  readonly getToken: (tool: ToolName) => Promise<string>;
  readonly getMicrosoft: () => Microsoft;
  readonly getLife: () => IncidentLife;
  /** Called when a switch was thrown. */
  readonly onSwitch?: (scenario: string, domain: string | undefined) => void;
  /** Runs a timer of the broker now; rejects when there is none of that name, or when it fails. */
  readonly runTimer: (name: string) => Promise<void>;
}
