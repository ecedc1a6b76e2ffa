import type { Audit } from '../shared/audit/audit.ts';
import type { ExplainConflict } from '../shared/audit/describe/explain-conflict.ts';
import type { RecordEvent } from '../shared/audit/record-event.ts';
import type { AcceptRows } from '../shared/authority/accept-rows.ts';
import type { CheckIntegrity } from '../shared/authority/integrity-check.ts';
import type { Refusals } from '../shared/authority/refusals.ts';
import type { CallerBudgets } from '../shared/budgets/caller-budgets.ts';
import type { Authenticate } from '../shared/callers/authenticate.ts';
import type { CheckCaller } from '../shared/callers/check-caller.ts';
import type { GrantAdministration } from '../shared/callers/grant-administration.ts';
import type { Simulate } from '../shared/callers/simulation.ts';
import type { ConsentFlow } from '../shared/consent/consent-flow.ts';
import type { FindOutcome } from '../shared/consent/outcome.ts';
import type { PageContext } from '../shared/consent/page/site.ts';
import type { GetHealth } from '../shared/health/health-check.ts';
import type { NoteTimerRun } from '../shared/health/timer-runs.ts';
import type { CreateHunt } from '../shared/hunting/admin/create-hunt.ts';
import type { HuntNow } from '../shared/hunting/admin/hunt-now.ts';
import type { Hunts } from '../shared/hunting/admin/hunts.ts';
import type { SavedQueries } from '../shared/hunting/admin/saved-queries.ts';
import type { DispatchHunts } from '../shared/hunting/dispatch-hunts.ts';
import type { ReadResults } from '../shared/hunting/results/read-results.ts';
import type { RunHunt } from '../shared/hunting/run/run-hunt.ts';
import type { GetSync } from '../shared/incidents/coverage/get-sync.ts';
import type { ReadChanges } from '../shared/incidents/feed/read-changes.ts';
import type { GetIncident } from '../shared/incidents/get-incident.ts';
import type { ListIncidents } from '../shared/incidents/list/list-incidents.ts';
import type { ListNewest } from '../shared/incidents/list/list-newest.ts';
import type { CountOpenIncidents } from '../shared/incidents/open-incidents.ts';
import type { RunSync } from '../shared/incidents/sync/sync-run.ts';
import type { SyncTenant } from '../shared/incidents/sync/sync-tenant.ts';
import type { UpdateIncident } from '../shared/incidents/update-incident.ts';
import type { InvitationAdministration } from '../shared/invitations/invitation-administration.ts';
import type { Invite } from '../shared/invitations/invite.ts';
import type { Log } from '../shared/log.ts';
import type { createMetadata } from '../shared/oauth/metadata.ts';
import type { ExchangeStandard } from '../shared/oauth/standard-exchange.ts';
import type { Offboardings, Purge } from '../shared/offboarding/offboarding.ts';
import type { IssueReceipt } from '../shared/offboarding/receipt.ts';
import type { ReceiptKeys } from '../shared/offboarding/receipt-keys.ts';
import type { ListCustomers } from '../shared/overview/list-customers.ts';
import type { GetOverview } from '../shared/overview/overview.ts';
import type { FindTenantNames } from '../shared/overview/tenant-names.ts';
import type { CallApi } from '../shared/proxy/call-api.ts';
import type { Refresher } from '../shared/refresh/refresh.ts';
import type { ResourceName } from '../shared/resources/resources.ts';
import type { SweepHunts } from '../shared/retention/sweep-hunts.ts';
import type { ServeToken } from '../shared/serve-token.ts';
import type { SessionCookies } from '../shared/sessions/session.ts';
import type { SignIn } from '../shared/sessions/sign-in.ts';
import type { Exporter } from '../shared/telemetry/exporter.ts';
import type { TenantAdministration } from '../shared/tenant-administration.ts';
import type { GetConsentUrl } from '../shared/tenants/consent-url.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import type { TokenReport } from '../shared/tokens/claims/validate-token.ts';
import type { Verifier } from '../shared/verification/verification.ts';
import type { SubscriptionAdministration } from '../shared/webhooks/administration/administration.ts';
import type { DeliverWebhooks } from '../shared/webhooks/delivery/deliver.ts';
import type { DispatchWebhooks } from '../shared/webhooks/delivery/dispatch.ts';
import type { ToResultsUrl } from './hunts/page-answer.ts';
import type { WarmUp } from './warm-up.ts';

/** What callers do with incidents. */
export interface IncidentServices {
  readonly list: ListIncidents;
  readonly listNewest: ListNewest;
  readonly get: GetIncident;
  readonly update: UpdateIncident;
  readonly readChanges: ReadChanges;
  readonly getSync: GetSync;
  readonly countOpen: CountOpenIncidents;
  /** The Defender portal, without a trailing slash. */
  readonly portalUrl: string;
}

/** What callers and triggers do with hunts. */
export interface HuntingServices {
  readonly create: CreateHunt;
  readonly huntNow: HuntNow;
  readonly hunts: Hunts;
  readonly readResults: ReadResults;
  readonly toResultsUrl: ToResultsUrl;
  readonly savedQueries: SavedQueries;
  readonly runHunt: RunHunt;
  readonly dispatch: DispatchHunts;
  readonly sweep: SweepHunts;
  readonly purge: Purge;
}

/** What the triggers translate to: the wired domain. */
export interface Services {
  /** Lets no blocked caller through. */
  readonly authenticate: Authenticate;
  /** Who calls, blocked or not. */
  readonly identify: Authenticate;
  readonly checkCaller: CheckCaller;
  readonly budgets: CallerBudgets;
  /** What MCP clients learn of the tools' address and of who issues tokens for them. */
  readonly mcp: {
    readonly resource: string;
    readonly authorizationServer: string;
    readonly scope: string;
  };
  readonly signIn: SignIn;
  readonly sessions: SessionCookies;
  /** Without a trailing slash. */
  readonly publicBaseUrl: string;
  /** Scheme, host and port that the console is served at. */
  readonly publicOrigin: string;
  readonly serveToken: ServeToken;
  /** The time as Entra has it, in which the lives of tokens are counted. */
  readonly entraNow: () => number;
  readonly callApi: CallApi;
  readonly exchangeStandard: ExchangeStandard;
  readonly createMetadata: ReturnType<typeof createMetadata>;
  readonly parseResource: (value: string) => ResourceName;
  readonly validateToken: (accessToken: string, asked: ResourceName | undefined) => TokenReport;
  readonly invite: Invite;
  readonly invitationAdministration: InvitationAdministration;
  /** The link of an invitation's id. */
  readonly toConsentUrl: (invitationId: string) => string;
  readonly consentFlow: ConsentFlow;
  readonly findOutcome: FindOutcome;
  readonly pageContext: PageContext;
  readonly getConsentUrl: GetConsentUrl;
  readonly tenants: TenantStore;
  readonly administration: TenantAdministration;
  readonly offboardings: Offboardings;
  readonly issueReceipt: IssueReceipt;
  readonly receiptKeys: ReceiptKeys;
  readonly incidents: IncidentServices;
  /** Hunts are in a chunk of their own, which the first of these calls loads. */
  readonly loadHunting: () => Promise<HuntingServices>;
  readonly runSync: RunSync;
  readonly syncTenant: SyncTenant;
  readonly subscriptions: SubscriptionAdministration;
  readonly dispatchWebhooks: DispatchWebhooks;
  readonly deliverWebhooks: DeliverWebhooks;
  readonly grantAdministration: GrantAdministration;
  readonly simulate: Simulate;
  readonly audit: Audit;
  readonly explainConflict: ExplainConflict;
  readonly integrity: {
    readonly check: CheckIntegrity;
    readonly accept: AcceptRows;
  };
  /** Whether this process has a ledger to believe. */
  readonly hasLedger: () => boolean;
  readonly recordEvent: RecordEvent;
  /** Records what the invocation at hand has changed and nobody has recorded. */
  readonly recordChanges: () => Promise<void>;
  /** What this process refused and has to share. */
  readonly refusals: Pick<Refusals, 'isDue' | 'share'>;
  /** `undefined`: Entra knows no such domain. */
  readonly resolveTenantHash: (name: string) => Promise<string | undefined>;
  readonly sweep: () => Promise<void>;
  readonly verifier: Verifier;
  /** What a queue delivered, as it was sent; `undefined`: it can't be read any more. */
  readonly openMessage: (queue: string, message: unknown) => Promise<unknown>;
  readonly refresher: Refresher;
  readonly getHealth: GetHealth;
  readonly getOverview: GetOverview;
  readonly listCustomers: ListCustomers;
  readonly findTenantNames: FindTenantNames;
  readonly noteTimerRun: NoteTimerRun;
  /** Fetches keys and connections while the host starts. */
  readonly warmUp: WarmUp;
  /** Of this build. */
  readonly version: string;
  /** Browsers reach the broker over https: everywhere but on loopback. */
  readonly isSecure: boolean;
  /** `undefined`: OpenTelemetry is off. */
  readonly exporter: Exporter | undefined;
  readonly log: Log;
}

/** The services that the core holds: a token needs no others. */
export type TokenServices = Pick<
  Services,
  | 'authenticate'
  | 'identify'
  | 'checkCaller'
  | 'budgets'
  | 'serveToken'
  | 'parseResource'
  | 'entraNow'
  | 'sessions'
  | 'publicBaseUrl'
  | 'publicOrigin'
  | 'isSecure'
  | 'recordEvent'
  | 'recordChanges'
  | 'refusals'
  | 'openMessage'
  | 'hasLedger'
  | 'warmUp'
  | 'exporter'
  | 'log'
>;
