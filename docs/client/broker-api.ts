// Made by `npm run openapi` from the schemas that validate requests: not to be changed by hand.

export type ProtectedResource = {
  readonly resource: string;
  readonly resource_name: string;
  readonly authorization_servers: ReadonlyArray<string>;
  readonly scopes_supported: ReadonlyArray<string>;
  readonly bearer_methods_supported: ReadonlyArray<'header'>;
};

export type Overview = {
  readonly generated_at: string;
  readonly version: string;
  readonly tenants: Readonly<Record<string, number>>;
  readonly data: {
    readonly tenants: number;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late_count: number;
    readonly late: ReadonlyArray<{
      readonly tenant_id: string;
      readonly tenant_name?: string;
      readonly tenant_status:
        | 'verifying'
        | 'active'
        | 'partial'
        | 'consent_revoked'
        | 'disabled'
        | 'offboarded';
      readonly complete_up_to?: string;
      readonly data_age_seconds?: number;
    }>;
    readonly skipped_count: number;
    readonly skipped: ReadonlyArray<{
      readonly tenant_id: string;
      readonly count: number;
      readonly at_least?: true;
      readonly newest?: {
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      };
    }>;
  };
  readonly needs: ReadonlyArray<{
    readonly cause: string;
    readonly owner:
      | 'customer'
      | 'partner'
      | 'microsoft'
      | 'caller';
    readonly description: string;
    readonly remedy: string;
    readonly action:
      | 'send_consent_link'
      | 'verify'
      | 'wait'
      | 'none';
    readonly count: number;
    readonly tenants: ReadonlyArray<{
      readonly tenant_id: string;
      readonly display_name?: string;
      readonly tenant_status:
        | 'verifying'
        | 'active'
        | 'partial'
        | 'consent_revoked'
        | 'disabled'
        | 'offboarded';
      readonly since: string;
    }>;
  }>;
  readonly hunts?: {
    readonly unreadable: boolean;
    readonly value: ReadonlyArray<{
      readonly hunt_id: string;
      readonly name?: string;
      readonly saved_query?: string;
      readonly status:
        | 'running'
        | 'complete'
        | 'incomplete'
        | 'cancelled';
      readonly created_at: string;
      readonly cancelled_at?: string;
      readonly finished_at?: string;
      readonly timespan?: {
        readonly from: string;
        readonly to: string;
      };
      readonly max_rows: number;
      readonly max_total_rows: number;
      readonly rows: number;
      readonly tenants: {
        readonly total: number;
        readonly pending: number;
        readonly running: number;
        readonly waiting: number;
        readonly ended: number;
      };
      readonly verdicts: {
        readonly complete?: number;
        readonly truncated?: number;
        readonly not_available?: number;
        readonly not_granted?: number;
        readonly consent_missing?: number;
        readonly throttled?: number;
        readonly failed?: number;
        readonly cancelled?: number;
      };
      readonly status_url: string;
      readonly results_url: string;
      readonly not_covered: number;
      readonly stalled: boolean;
    }>;
  };
  readonly health: {
    readonly status: 'up' | 'down';
    readonly problems?: ReadonlyArray<string>;
    readonly checks?: Readonly<Record<string, {
      readonly status: 'up' | 'down';
      readonly duration_ms: number;
      readonly checked_at: string;
      readonly age_seconds: number;
    } & Readonly<Record<string, unknown>>>>;
  };
};

export type Session = {
  readonly caller: string;
  readonly name: string;
  readonly roles: ReadonlyArray<string>;
  readonly expires_at: string;
  readonly partner_name?: string;
};

export type Error = {
  readonly error: string;
  readonly error_description: string;
  readonly correlation_id: string;
  readonly owner: 'customer' | 'partner' | 'microsoft' | 'caller';
  readonly remedy: string;
  readonly retry_after?: number;
  readonly consent_url?: string;
  readonly missing_roles?: ReadonlyArray<string>;
  readonly problems?: ReadonlyArray<string>;
  readonly last_change?: {
    readonly by: string;
    readonly by_name?: string;
    readonly act: string;
    readonly detail?: string;
    readonly at: string;
  };
};

export type Token = {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly expires_at: number;
  readonly refresh_in: number;
  readonly tenant_id: string;
  readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
  readonly roles: ReadonlyArray<string>;
  readonly degraded?: true;
};

export type TokenReport = {
  readonly valid: boolean;
  readonly problems: ReadonlyArray<string>;
  readonly signature: 'not_checked';
  readonly token_hash: string;
  readonly unreadable?: string;
  readonly resource?: 'defender-xdr' | 'defender-endpoint' | 'graph';
  readonly tenant_id?: string;
  readonly client_id?: string;
  readonly audience?: string;
  readonly object_id?: string;
  readonly roles?: ReadonlyArray<string>;
  readonly uti?: string;
  readonly expires_at?: string;
  readonly seconds_left?: number;
  readonly missing_roles: ReadonlyArray<string>;
};

export type Invitation = {
  readonly invitation_id: string;
  readonly consent_url: string;
  readonly expires_at: string;
};

export type InvitationBatch = {
  readonly value: ReadonlyArray<{
    readonly status: 201;
    readonly invitation_id: string;
    readonly consent_url: string;
    readonly expires_at: string;
  } | {
    readonly status: number;
    readonly error: string;
    readonly error_description: string;
    readonly correlation_id: string;
    readonly owner:
      | 'customer'
      | 'partner'
      | 'microsoft'
      | 'caller';
    readonly remedy: string;
    readonly retry_after?: number;
    readonly consent_url?: string;
    readonly missing_roles?: ReadonlyArray<string>;
    readonly problems?: ReadonlyArray<string>;
    readonly last_change?: {
      readonly by: string;
      readonly by_name?: string;
      readonly act: string;
      readonly detail?: string;
      readonly at: string;
    };
  }>;
};

export type InvitationState = {
  readonly invitation_id: string;
  readonly status:
    | 'sent'
    | 'opened'
    | 'signed_in'
    | 'awaiting_approval'
    | 'verifying'
    | 'used'
    | 'expired'
    | 'revoked';
  readonly status_since: string;
  readonly tenant_id?: string;
  readonly domain?: string;
  readonly display_name?: string;
  readonly flow: 'adminconsent' | 'authorize';
  readonly note?: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly opened_at?: string;
  readonly signed_in_at?: string;
  readonly accepted_at?: string;
  readonly revoked_at?: string;
  readonly claims: ReadonlyArray<{
    readonly tenant_id: string;
    readonly domain?: string;
    readonly user_name?: string;
    readonly claimed_at: string;
  }>;
  readonly claimed_by?: string;
  readonly used_by?: string;
};

export type InvitationPage = {
  readonly value: ReadonlyArray<{
    readonly invitation_id: string;
    readonly status:
      | 'sent'
      | 'opened'
      | 'signed_in'
      | 'awaiting_approval'
      | 'verifying'
      | 'used'
      | 'expired'
      | 'revoked';
    readonly status_since: string;
    readonly tenant_id?: string;
    readonly domain?: string;
    readonly display_name?: string;
    readonly flow: 'adminconsent' | 'authorize';
    readonly note?: string;
    readonly created_by: string;
    readonly created_at: string;
    readonly expires_at: string;
    readonly opened_at?: string;
    readonly signed_in_at?: string;
    readonly accepted_at?: string;
    readonly revoked_at?: string;
    readonly claims: ReadonlyArray<{
      readonly tenant_id: string;
      readonly domain?: string;
      readonly user_name?: string;
      readonly claimed_at: string;
    }>;
    readonly claimed_by?: string;
    readonly used_by?: string;
  }>;
  readonly funnel: Readonly<Record<string, {
    readonly count: number;
    readonly oldest_since?: string;
  }>>;
  readonly next_cursor?: string;
};

export type Tenant = {
  readonly tenant_id: string;
  readonly etag: string;
  readonly display_name?: string;
  readonly tags: ReadonlyArray<string>;
  readonly incident_retention_days?: number;
  readonly domain?: string;
  readonly status:
    | 'verifying'
    | 'active'
    | 'partial'
    | 'consent_revoked'
    | 'disabled'
    | 'offboarded';
  readonly resources: Readonly<Record<string, {
    readonly roles_granted: ReadonlyArray<string>;
    readonly roles_missing: ReadonlyArray<string>;
    readonly checked_at: string;
    readonly cause?: string;
  }>>;
  readonly last_error?: {
    readonly error: string;
    readonly cause: string;
    readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
    readonly at: string;
    readonly owner:
      | 'customer'
      | 'partner'
      | 'microsoft'
      | 'caller';
    readonly description: string;
    readonly remedy: string;
  };
  readonly sync?: {
    readonly source: 'defender-xdr' | 'graph';
    readonly complete_from?: string;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late: boolean;
    readonly complete_source?: 'defender-xdr' | 'graph';
    readonly reconciled_at?: string;
    readonly due_at?: string;
    readonly running?: string;
    readonly last_failure?: {
      readonly problem: string;
      readonly owner:
        | 'customer'
        | 'partner'
        | 'microsoft'
        | 'caller';
      readonly description: string;
      readonly remedy: string;
      readonly runs: number;
      readonly since: string;
      readonly at: string;
      readonly retry_at: string;
    };
    readonly failed_windows: ReadonlyArray<{
      readonly kind: string;
      readonly from: string;
      readonly problem: string;
      readonly at: string;
    }>;
    readonly skipped: ReadonlyArray<{
      readonly incident_id?: string;
      readonly reason: string;
      readonly since: string;
      readonly tries: number;
      readonly retry_at: string;
    }>;
    readonly remarks: ReadonlyArray<{
      readonly incident_id?: string;
      readonly reason: string;
      readonly since: string;
    }>;
  };
  readonly next_verification_at?: string;
  readonly consented_at?: string;
  readonly offboarded_at?: string;
  readonly purged_at?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly consent_url?: string;
  readonly live_tokens?: ReadonlyArray<{
    readonly token_hash: string;
  } & Readonly<Record<string, unknown>>>;
  readonly live_tokens_as_of?: string;
  readonly live_tokens_final_at?: string;
};

export type TenantPage = {
  readonly value: ReadonlyArray<{
    readonly tenant_id: string;
    readonly etag: string;
    readonly display_name?: string;
    readonly tags: ReadonlyArray<string>;
    readonly incident_retention_days?: number;
    readonly domain?: string;
    readonly status:
      | 'verifying'
      | 'active'
      | 'partial'
      | 'consent_revoked'
      | 'disabled'
      | 'offboarded';
    readonly resources: Readonly<Record<string, {
      readonly roles_granted: ReadonlyArray<string>;
      readonly roles_missing: ReadonlyArray<string>;
      readonly checked_at: string;
      readonly cause?: string;
    }>>;
    readonly last_error?: {
      readonly error: string;
      readonly cause: string;
      readonly resource:
        | 'defender-xdr'
        | 'defender-endpoint'
        | 'graph';
      readonly at: string;
      readonly owner:
        | 'customer'
        | 'partner'
        | 'microsoft'
        | 'caller';
      readonly description: string;
      readonly remedy: string;
    };
    readonly sync?: {
      readonly source: 'defender-xdr' | 'graph';
      readonly complete_from?: string;
      readonly complete_up_to?: string;
      readonly data_age_seconds?: number;
      readonly late: boolean;
      readonly complete_source?: 'defender-xdr' | 'graph';
      readonly reconciled_at?: string;
      readonly due_at?: string;
      readonly running?: string;
      readonly last_failure?: {
        readonly problem: string;
        readonly owner:
          | 'customer'
          | 'partner'
          | 'microsoft'
          | 'caller';
        readonly description: string;
        readonly remedy: string;
        readonly runs: number;
        readonly since: string;
        readonly at: string;
        readonly retry_at: string;
      };
      readonly failed_windows: ReadonlyArray<{
        readonly kind: string;
        readonly from: string;
        readonly problem: string;
        readonly at: string;
      }>;
      readonly skipped: ReadonlyArray<{
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
        readonly tries: number;
        readonly retry_at: string;
      }>;
      readonly remarks: ReadonlyArray<{
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      }>;
    };
    readonly next_verification_at?: string;
    readonly consented_at?: string;
    readonly offboarded_at?: string;
    readonly purged_at?: string;
    readonly created_at: string;
    readonly updated_at: string;
    readonly consent_url?: string;
    readonly live_tokens?: ReadonlyArray<{
      readonly token_hash: string;
    } & Readonly<Record<string, unknown>>>;
    readonly live_tokens_as_of?: string;
    readonly live_tokens_final_at?: string;
    readonly data: {
      readonly complete_up_to?: string;
      readonly data_age_seconds?: number;
      readonly late: boolean;
      readonly skipped: number;
      readonly problem?: string;
    };
    readonly open_incidents?: {
      readonly at_least?: true;
      readonly by_severity: Readonly<Record<string, number>>;
    };
  }>;
  readonly next_cursor?: string;
};

export type Offboarding = {
  readonly tenant_id: string;
  readonly status: 'offboarded';
  readonly offboarded_at: string;
  readonly purged_at: string;
  readonly purged: Readonly<Record<string, number>>;
  readonly live_tokens: ReadonlyArray<{
    readonly caller: string;
    readonly caller_name?: string;
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
    readonly expires_at: string;
    readonly token_hash: string;
  }>;
  readonly live_tokens_as_of: string;
  readonly live_tokens_final_at: string;
  readonly live_tokens_until?: string;
  readonly notice: string;
  readonly receipt?: string;
  readonly problem?: {
    readonly description: string;
    readonly owner?:
      | 'customer'
      | 'partner'
      | 'microsoft'
      | 'caller';
    readonly remedy: string;
  };
};

export type ReceiptKeys = {
  readonly keys: ReadonlyArray<{
    readonly kty: 'EC';
    readonly crv: 'P-256';
    readonly x: string;
    readonly y: string;
    readonly kid: string;
    readonly use: 'sig';
    readonly alg: 'ES256';
  }>;
};

export type Incident = {
  readonly tenant_id: string;
  readonly incident_id: string;
  readonly source: 'defender-xdr' | 'graph';
  readonly name: string;
  readonly severity: string;
  readonly status: string;
  readonly classification: string;
  readonly determination: string;
  readonly assigned_to?: string;
  readonly created_at?: string;
  readonly last_update_at: string;
  readonly redirect_incident_id?: string;
  readonly tags: ReadonlyArray<string>;
  readonly comments: ReadonlyArray<{
    readonly comment: string;
    readonly created_by?: string;
    readonly created_at?: string;
  }>;
  readonly alert_count?: number;
  readonly incident_url: string;
  readonly dedup_key: string;
};

export type WholeIncident = {
  readonly tenant_id: string;
  readonly incident_id: string;
  readonly source: 'defender-xdr' | 'graph';
  readonly name: string;
  readonly severity: string;
  readonly status: string;
  readonly classification: string;
  readonly determination: string;
  readonly assigned_to?: string;
  readonly created_at?: string;
  readonly last_update_at: string;
  readonly redirect_incident_id?: string;
  readonly tags: ReadonlyArray<string>;
  readonly comments: ReadonlyArray<{
    readonly comment: string;
    readonly created_by?: string;
    readonly created_at?: string;
  }>;
  readonly alert_count?: number;
  readonly incident_url: string;
  readonly dedup_key: string;
  readonly tenant_name?: string;
  readonly raw: Readonly<Record<string, unknown>> | null;
  readonly coverage: {
    readonly tenant_id: string;
    readonly tenant_status:
      | 'verifying'
      | 'active'
      | 'partial'
      | 'consent_revoked'
      | 'disabled'
      | 'offboarded';
    readonly source: 'defender-xdr' | 'graph';
    readonly complete_from?: string;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late: boolean;
    readonly skipped: {
      readonly count: number;
      readonly at_least?: true;
      readonly newest?: {
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      };
    };
    readonly problem?: string;
  };
};

export type IncidentPage = {
  readonly value: ReadonlyArray<{
    readonly tenant_id: string;
    readonly incident_id: string;
    readonly source: 'defender-xdr' | 'graph';
    readonly name: string;
    readonly severity: string;
    readonly status: string;
    readonly classification: string;
    readonly determination: string;
    readonly assigned_to?: string;
    readonly created_at?: string;
    readonly last_update_at: string;
    readonly redirect_incident_id?: string;
    readonly tags: ReadonlyArray<string>;
    readonly comments: ReadonlyArray<{
      readonly comment: string;
      readonly created_by?: string;
      readonly created_at?: string;
    }>;
    readonly alert_count?: number;
    readonly incident_url: string;
    readonly dedup_key: string;
    readonly tenant_name?: string;
    readonly raw?: Readonly<Record<string, unknown>> | null;
    readonly alerts?:
      | ReadonlyArray<Readonly<Record<string, unknown>>>
      | null;
  }>;
  readonly next_cursor?: string;
  readonly unreadable?: number;
  readonly coverage: ReadonlyArray<{
    readonly tenant_id: string;
    readonly tenant_status:
      | 'verifying'
      | 'active'
      | 'partial'
      | 'consent_revoked'
      | 'disabled'
      | 'offboarded';
    readonly source: 'defender-xdr' | 'graph';
    readonly complete_from?: string;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late: boolean;
    readonly skipped: {
      readonly count: number;
      readonly at_least?: true;
      readonly newest?: {
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      };
    };
    readonly problem?: string;
  }>;
  readonly fleet_coverage?: {
    readonly tenants: number;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late_count: number;
    readonly late: ReadonlyArray<{
      readonly tenant_id: string;
      readonly tenant_name?: string;
      readonly tenant_status:
        | 'verifying'
        | 'active'
        | 'partial'
        | 'consent_revoked'
        | 'disabled'
        | 'offboarded';
      readonly complete_up_to?: string;
      readonly data_age_seconds?: number;
    }>;
    readonly skipped_count: number;
    readonly skipped: ReadonlyArray<{
      readonly tenant_id: string;
      readonly count: number;
      readonly at_least?: true;
      readonly newest?: {
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      };
    }>;
  };
};

export type IncidentChangePage = {
  readonly value: ReadonlyArray<{
    readonly sequence: number;
    readonly kind: 'created' | 'updated' | 'merged';
    readonly recorded_at: string;
    readonly incident: {
      readonly tenant_id: string;
      readonly incident_id: string;
      readonly source: 'defender-xdr' | 'graph';
      readonly name: string;
      readonly severity: string;
      readonly status: string;
      readonly classification: string;
      readonly determination: string;
      readonly assigned_to?: string;
      readonly created_at?: string;
      readonly last_update_at: string;
      readonly redirect_incident_id?: string;
      readonly tags: ReadonlyArray<string>;
      readonly comments: ReadonlyArray<{
        readonly comment: string;
        readonly created_by?: string;
        readonly created_at?: string;
      }>;
      readonly alert_count?: number;
      readonly incident_url: string;
      readonly dedup_key: string;
      readonly tenant_name?: string;
      readonly raw?: Readonly<Record<string, unknown>> | null;
      readonly alerts?:
        | ReadonlyArray<Readonly<Record<string, unknown>>>
        | null;
    };
  }>;
  readonly next_cursor: string;
  readonly has_more: boolean;
  readonly unreadable?: number;
  readonly coverage: {
    readonly tenants: number;
    readonly complete_up_to?: string;
    readonly data_age_seconds?: number;
    readonly late_count: number;
    readonly late: ReadonlyArray<{
      readonly tenant_id: string;
      readonly tenant_name?: string;
      readonly tenant_status:
        | 'verifying'
        | 'active'
        | 'partial'
        | 'consent_revoked'
        | 'disabled'
        | 'offboarded';
      readonly complete_up_to?: string;
      readonly data_age_seconds?: number;
    }>;
    readonly skipped_count: number;
    readonly skipped: ReadonlyArray<{
      readonly tenant_id: string;
      readonly count: number;
      readonly at_least?: true;
      readonly newest?: {
        readonly incident_id?: string;
        readonly reason: string;
        readonly since: string;
      };
    }>;
  };
};

export type Hunt = {
  readonly hunt_id: string;
  readonly name?: string;
  readonly saved_query?: string;
  readonly status:
    | 'running'
    | 'complete'
    | 'incomplete'
    | 'cancelled';
  readonly created_at: string;
  readonly cancelled_at?: string;
  readonly finished_at?: string;
  readonly timespan?: {
    readonly from: string;
    readonly to: string;
  };
  readonly max_rows: number;
  readonly max_total_rows: number;
  readonly rows: number;
  readonly tenants: {
    readonly total: number;
    readonly pending: number;
    readonly running: number;
    readonly waiting: number;
    readonly ended: number;
  };
  readonly verdicts: {
    readonly complete?: number;
    readonly truncated?: number;
    readonly not_available?: number;
    readonly not_granted?: number;
    readonly consent_missing?: number;
    readonly throttled?: number;
    readonly failed?: number;
    readonly cancelled?: number;
  };
  readonly status_url: string;
  readonly results_url: string;
};

export type HuntPage = {
  readonly value: ReadonlyArray<{
    readonly hunt_id: string;
    readonly name?: string;
    readonly saved_query?: string;
    readonly status:
      | 'running'
      | 'complete'
      | 'incomplete'
      | 'cancelled';
    readonly created_at: string;
    readonly cancelled_at?: string;
    readonly finished_at?: string;
    readonly timespan?: {
      readonly from: string;
      readonly to: string;
    };
    readonly max_rows: number;
    readonly max_total_rows: number;
    readonly rows: number;
    readonly tenants: {
      readonly total: number;
      readonly pending: number;
      readonly running: number;
      readonly waiting: number;
      readonly ended: number;
    };
    readonly verdicts: {
      readonly complete?: number;
      readonly truncated?: number;
      readonly not_available?: number;
      readonly not_granted?: number;
      readonly consent_missing?: number;
      readonly throttled?: number;
      readonly failed?: number;
      readonly cancelled?: number;
    };
    readonly status_url: string;
    readonly results_url: string;
  }>;
  readonly next_cursor?: string;
};

export type HuntStatus = {
  readonly hunt_id: string;
  readonly name?: string;
  readonly saved_query?: string;
  readonly status:
    | 'running'
    | 'complete'
    | 'incomplete'
    | 'cancelled';
  readonly created_at: string;
  readonly cancelled_at?: string;
  readonly finished_at?: string;
  readonly timespan?: {
    readonly from: string;
    readonly to: string;
  };
  readonly max_rows: number;
  readonly max_total_rows: number;
  readonly rows: number;
  readonly tenants: {
    readonly total: number;
    readonly pending: number;
    readonly running: number;
    readonly waiting: number;
    readonly ended: number;
  };
  readonly verdicts: {
    readonly complete?: number;
    readonly truncated?: number;
    readonly not_available?: number;
    readonly not_granted?: number;
    readonly consent_missing?: number;
    readonly throttled?: number;
    readonly failed?: number;
    readonly cancelled?: number;
  };
  readonly status_url: string;
  readonly results_url: string;
  readonly query?: string;
  readonly value: ReadonlyArray<{
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly named?: string;
    readonly status: 'pending' | 'running' | 'waiting' | 'ended';
    readonly verdict?:
      | 'complete'
      | 'truncated'
      | 'not_available'
      | 'not_granted'
      | 'consent_missing'
      | 'throttled'
      | 'failed'
      | 'cancelled';
    readonly problem?:
      | 'row_limit'
      | 'result_too_large'
      | 'max_rows'
      | 'max_total_rows'
      | 'table_missing'
      | 'unknown_table'
      | 'licence_missing'
      | 'not_granted'
      | 'role_missing'
      | 'consent_missing'
      | 'consent_in_proof'
      | 'throttled'
      | 'cpu_exhausted'
      | 'tenant_disabled'
      | 'query_refused'
      | 'query_too_long'
      | 'too_heavy'
      | 'unavailable'
      | 'malformed'
      | 'unauthorized'
      | 'no_token'
      | 'run_damaged'
      | 'cancelled'
      | 'caller_blocked'
      | 'hunt_too_old'
      | 'offboarded';
    readonly owner?:
      | 'customer'
      | 'partner'
      | 'microsoft'
      | 'caller';
    readonly description?: string;
    readonly remedy?: string;
    readonly microsoft?: string;
    readonly line?: number;
    readonly column?: number;
    readonly retry_at?: string;
    readonly rows: number;
    readonly calls: number;
    readonly duration_ms?: number;
    readonly missing_roles?: ReadonlyArray<string>;
    readonly consent_url?: string;
  }>;
  readonly next_cursor?: string;
};

export type HuntResults = {
  readonly hunt_id: string;
  readonly status:
    | 'running'
    | 'complete'
    | 'incomplete'
    | 'cancelled';
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly type: string;
    readonly widened_from?: ReadonlyArray<string>;
  }>;
  readonly value: ReadonlyArray<{
    readonly tenant_id: string;
    readonly tenant_name: string | null;
  } & Readonly<Record<string, unknown>>>;
  readonly next_cursor?: string;
  readonly withheld_tenants?: number;
};

export type HuntedTenant = {
  readonly hunt_id: string;
  readonly tenant_id: string;
  readonly tenant_name?: string;
  readonly verdict:
    | 'complete'
    | 'truncated'
    | 'not_available'
    | 'not_granted'
    | 'consent_missing'
    | 'throttled'
    | 'failed'
    | 'cancelled';
  readonly problem?:
    | 'row_limit'
    | 'result_too_large'
    | 'max_rows'
    | 'max_total_rows'
    | 'table_missing'
    | 'unknown_table'
    | 'licence_missing'
    | 'not_granted'
    | 'role_missing'
    | 'consent_missing'
    | 'consent_in_proof'
    | 'throttled'
    | 'cpu_exhausted'
    | 'tenant_disabled'
    | 'query_refused'
    | 'query_too_long'
    | 'too_heavy'
    | 'unavailable'
    | 'malformed'
    | 'unauthorized'
    | 'no_token'
    | 'run_damaged'
    | 'cancelled'
    | 'caller_blocked'
    | 'hunt_too_old'
    | 'offboarded';
  readonly owner?: 'customer' | 'partner' | 'microsoft' | 'caller';
  readonly description?: string;
  readonly remedy?: string;
  readonly microsoft?: string;
  readonly line?: number;
  readonly column?: number;
  readonly rows: number;
  readonly calls: number;
  readonly columns: ReadonlyArray<{
    readonly name: string;
    readonly type: string;
    readonly widened_from?: ReadonlyArray<string>;
  }>;
  readonly value: ReadonlyArray<{
    readonly tenant_id: string;
    readonly tenant_name: string | null;
  } & Readonly<Record<string, unknown>>>;
  readonly next_cursor?: string;
  readonly withheld_tenants?: number;
};

export type SavedQuery = {
  readonly name: string;
  readonly query: string;
  readonly parameters: Readonly<Record<string,
    | 'string'
    | 'long'
    | 'datetime'
    | 'timespan'
    | 'dynamic'>>;
  readonly description?: string;
  readonly updated_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type SavedQueryList = {
  readonly value: ReadonlyArray<{
    readonly name: string;
    readonly query: string;
    readonly parameters: Readonly<Record<string,
      | 'string'
      | 'long'
      | 'datetime'
      | 'timespan'
      | 'dynamic'>>;
    readonly description?: string;
    readonly updated_by: string;
    readonly created_at: string;
    readonly updated_at: string;
  }>;
};

export type Subscription = {
  readonly subscription_id: string;
  readonly caller: string;
  readonly status: 'active' | 'paused' | 'suspended';
  readonly url?: string;
  readonly filter: {
    readonly tenants?: ReadonlyArray<string>;
    readonly severities?: ReadonlyArray<string>;
    readonly kinds?: ReadonlyArray<string>;
  };
  readonly numbered_up_to: number;
  readonly delivered_up_to: number;
  readonly last_failure?: {
    readonly problem:
      | 'unreachable'
      | 'timeout'
      | 'bad_status'
      | 'redirected'
      | 'gone'
      | 'address_refused'
      | 'expired'
      | 'owner_blocked'
      | 'owner_without_grant'
      | 'host_not_allowed'
      | 'key_lost';
    readonly owner: 'partner' | 'caller';
    readonly description: string;
    readonly remedy: string;
    readonly http_status?: number;
    readonly failures: number;
    readonly since: string;
    readonly retry_at: string;
  };
  readonly previous_secret_until?: string;
  readonly expires_at: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type SubscriptionSecret = {
  readonly subscription_id: string;
  readonly caller: string;
  readonly status: 'active' | 'paused' | 'suspended';
  readonly url?: string;
  readonly filter: {
    readonly tenants?: ReadonlyArray<string>;
    readonly severities?: ReadonlyArray<string>;
    readonly kinds?: ReadonlyArray<string>;
  };
  readonly numbered_up_to: number;
  readonly delivered_up_to: number;
  readonly last_failure?: {
    readonly problem:
      | 'unreachable'
      | 'timeout'
      | 'bad_status'
      | 'redirected'
      | 'gone'
      | 'address_refused'
      | 'expired'
      | 'owner_blocked'
      | 'owner_without_grant'
      | 'host_not_allowed'
      | 'key_lost';
    readonly owner: 'partner' | 'caller';
    readonly description: string;
    readonly remedy: string;
    readonly http_status?: number;
    readonly failures: number;
    readonly since: string;
    readonly retry_at: string;
  };
  readonly previous_secret_until?: string;
  readonly expires_at: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly secret: string;
};

export type SubscriptionList = {
  readonly value: ReadonlyArray<{
    readonly subscription_id: string;
    readonly caller: string;
    readonly status: 'active' | 'paused' | 'suspended';
    readonly url?: string;
    readonly filter: {
      readonly tenants?: ReadonlyArray<string>;
      readonly severities?: ReadonlyArray<string>;
      readonly kinds?: ReadonlyArray<string>;
    };
    readonly numbered_up_to: number;
    readonly delivered_up_to: number;
    readonly last_failure?: {
      readonly problem:
        | 'unreachable'
        | 'timeout'
        | 'bad_status'
        | 'redirected'
        | 'gone'
        | 'address_refused'
        | 'expired'
        | 'owner_blocked'
        | 'owner_without_grant'
        | 'host_not_allowed'
        | 'key_lost';
      readonly owner: 'partner' | 'caller';
      readonly description: string;
      readonly remedy: string;
      readonly http_status?: number;
      readonly failures: number;
      readonly since: string;
      readonly retry_at: string;
    };
    readonly previous_secret_until?: string;
    readonly expires_at: string;
    readonly created_at: string;
    readonly updated_at: string;
  }>;
};

export type SubscriptionTest = {
  readonly delivered: boolean;
  readonly http_status?: number;
  readonly problem?:
    | 'unreachable'
    | 'timeout'
    | 'bad_status'
    | 'redirected'
    | 'gone'
    | 'address_refused'
    | 'expired'
    | 'owner_blocked'
    | 'owner_without_grant'
    | 'host_not_allowed'
    | 'key_lost';
  readonly owner?: 'partner' | 'caller';
  readonly description?: string;
  readonly remedy?: string;
};

export type RemovedSubscription = {
  readonly subscription_id: string;
  readonly deleted: true;
};

export type Caller = {
  readonly caller: string;
  readonly etag: string;
  readonly display_name?: string;
  readonly mode: 'enforce' | 'audit';
  readonly client_secret: boolean;
  readonly blocked: boolean;
  readonly webhook_hosts?: ReadonlyArray<string>;
  readonly rules: ReadonlyArray<{
    readonly id: string;
    readonly effect: 'allow' | 'deny';
    readonly tenants: ReadonlyArray<string>;
    readonly resources: ReadonlyArray<string>;
    readonly operations?: ReadonlyArray<string>;
  }>;
  readonly created_at: string;
  readonly updated_at: string;
  readonly live_tokens?: ReadonlyArray<{
    readonly caller: string;
    readonly caller_name?: string;
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
    readonly expires_at: string;
    readonly token_hash: string;
  }>;
  readonly live_tokens_as_of?: string;
  readonly live_tokens_final_at?: string;
};

export type CallerList = {
  readonly value: ReadonlyArray<{
    readonly caller: string;
    readonly etag: string;
    readonly display_name?: string;
    readonly mode: 'enforce' | 'audit';
    readonly client_secret: boolean;
    readonly blocked: boolean;
    readonly webhook_hosts?: ReadonlyArray<string>;
    readonly rules: ReadonlyArray<{
      readonly id: string;
      readonly effect: 'allow' | 'deny';
      readonly tenants: ReadonlyArray<string>;
      readonly resources: ReadonlyArray<string>;
      readonly operations?: ReadonlyArray<string>;
    }>;
    readonly created_at: string;
    readonly updated_at: string;
    readonly live_tokens?: ReadonlyArray<{
      readonly caller: string;
      readonly caller_name?: string;
      readonly tenant_id?: string;
      readonly tenant_name?: string;
      readonly resource:
        | 'defender-xdr'
        | 'defender-endpoint'
        | 'graph';
      readonly expires_at: string;
      readonly token_hash: string;
    }>;
    readonly live_tokens_as_of?: string;
    readonly live_tokens_final_at?: string;
  }>;
};

export type RemovedCaller = {
  readonly caller: string;
  readonly live_tokens: ReadonlyArray<{
    readonly caller: string;
    readonly caller_name?: string;
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
    readonly expires_at: string;
    readonly token_hash: string;
  }>;
  readonly live_tokens_as_of: string;
  readonly live_tokens_final_at: string;
};

export type IssuancePage = {
  readonly value: ReadonlyArray<{
    readonly caller: string;
    readonly caller_name?: string;
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly resource: 'defender-xdr' | 'defender-endpoint' | 'graph';
    readonly expires_at: string;
    readonly token_hash: string;
    readonly tenant_hash: string;
    readonly rule: string;
    readonly would_be_denied?: true;
    readonly uti?: string;
    readonly issued_at: string;
    readonly recorded_at: string;
    readonly correlation_id: string;
  }>;
  readonly next_cursor?: string;
};

export type ActPage = {
  readonly value: ReadonlyArray<{
    readonly sequence: number;
    readonly previous_hash: string;
    readonly hash: string;
    readonly recorded_at: string;
    readonly occurred_at?: string;
    readonly actor: string;
    readonly actor_name?: string;
    readonly act:
      | 'ledger.start'
      | 'invitation.create'
      | 'invitation.approve'
      | 'invitation.revoke'
      | 'invitation.change'
      | 'tenant.patch'
      | 'tenant.verify'
      | 'tenant.offboard'
      | 'tenant.change'
      | 'grants.put'
      | 'grants.remove'
      | 'grants.change'
      | 'caller.block'
      | 'caller.unblock'
      | 'policy.simulate'
      | 'credential.put'
      | 'credential.refused'
      | 'incident.update'
      | 'api.call'
      | 'subscription.create'
      | 'subscription.patch'
      | 'subscription.remove'
      | 'subscription.replay'
      | 'subscription.rotate'
      | 'subscription.test'
      | 'subscription.change'
      | 'hunt.create'
      | 'hunt.cancel'
      | 'hunt.remove'
      | 'query.put'
      | 'query.remove'
      | 'integrity.accept';
    readonly tenant_id?: string;
    readonly tenant_name?: string;
    readonly tenant_hash?: string;
    readonly subject?: string;
    readonly detail?: string;
    readonly changes?: ReadonlyArray<{
      readonly field: string;
      readonly before?: string;
      readonly after?: string;
    }>;
    readonly rows?: ReadonlyArray<{
      readonly table:
        | 'callers'
        | 'tenants'
        | 'invitations'
        | 'webhooks'
        | 'huntqueries';
      readonly key: string;
      readonly version: number;
      readonly digest?: string;
      readonly ends_at?: string;
    }>;
    readonly correlation_id: string;
  }>;
  readonly next_cursor?: string;
  readonly chain: {
    readonly holds: boolean;
    readonly problem?: 'changed' | 'gap' | 'broken' | 'cut' | 'head';
    readonly at_sequence?: number;
    readonly ledger_id?: string;
    readonly first_sequence: number;
    readonly head_sequence: number;
    readonly head_hash: string;
    readonly checked_at: string;
  };
};

export type Integrity = {
  readonly checked_at: string;
  readonly rows: number;
  readonly findings: ReadonlyArray<{
    readonly table: string;
    readonly key: string;
    readonly problem: string;
    readonly digest?: string;
    readonly since: string;
    readonly seen_at: string;
  }>;
  readonly chain: {
    readonly holds: boolean;
    readonly problem?: 'changed' | 'gap' | 'broken' | 'cut' | 'head';
    readonly at_sequence?: number;
    readonly ledger_id?: string;
    readonly first_sequence: number;
    readonly head_sequence: number;
    readonly head_hash: string;
    readonly checked_at: string;
  };
};

export type AcceptedRows = {
  readonly accepted: ReadonlyArray<{
    readonly table:
      | 'callers'
      | 'tenants'
      | 'invitations'
      | 'webhooks'
      | 'huntqueries'
      | 'incidentchanges'
      | 'webhookoutbox'
      | 'queues'
      | 'incidents'
      | 'hunts';
    readonly key: string;
  }>;
  readonly unreadable: ReadonlyArray<{
    readonly table:
      | 'callers'
      | 'tenants'
      | 'invitations'
      | 'webhooks'
      | 'huntqueries'
      | 'incidentchanges'
      | 'webhookoutbox'
      | 'queues'
      | 'incidents'
      | 'hunts';
    readonly key: string;
  }>;
  readonly checked_at: string;
  readonly rows: number;
  readonly findings: ReadonlyArray<{
    readonly table: string;
    readonly key: string;
    readonly problem: string;
    readonly digest?: string;
    readonly since: string;
    readonly seen_at: string;
  }>;
  readonly chain: {
    readonly holds: boolean;
    readonly problem?: 'changed' | 'gap' | 'broken' | 'cut' | 'head';
    readonly at_sequence?: number;
    readonly ledger_id?: string;
    readonly first_sequence: number;
    readonly head_sequence: number;
    readonly head_hash: string;
    readonly checked_at: string;
  };
};

export type Simulation = {
  readonly caller: string;
  readonly allowed: boolean;
  readonly rule: string;
  readonly why: string;
  readonly would_be_denied?: boolean;
  readonly mode?: 'enforce' | 'audit';
  readonly tenant_id?: string;
  readonly tenant_exists: boolean;
  readonly tenant_status?:
    | 'verifying'
    | 'active'
    | 'partial'
    | 'consent_revoked'
    | 'disabled'
    | 'offboarded';
  readonly tags: ReadonlyArray<string>;
};

export type Health = {
  readonly status: 'up' | 'down';
  readonly problems?: ReadonlyArray<string>;
  readonly checks?: Readonly<Record<string, {
    readonly status: 'up' | 'down';
    readonly duration_ms: number;
    readonly checked_at: string;
    readonly age_seconds: number;
  } & Readonly<Record<string, unknown>>>>;
};

export type OAuthToken = {
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly ext_expires_in: number;
  readonly refresh_in?: number;
  readonly issued_token_type?: 'urn:ietf:params:oauth:token-type:access_token';
  readonly access_token: string;
};

export type OAuthTokenV1 = {
  readonly token_type: 'Bearer';
  readonly expires_in: string;
  readonly ext_expires_in: string;
  readonly expires_on: string;
  readonly not_before: string;
  readonly resource: string;
  readonly issued_token_type?: 'urn:ietf:params:oauth:token-type:access_token';
  readonly access_token: string;
};

export type OAuthError = {
  readonly error:
    | 'invalid_request'
    | 'invalid_client'
    | 'invalid_grant'
    | 'invalid_scope'
    | 'invalid_resource'
    | 'invalid_target'
    | 'unauthorized_client'
    | 'unsupported_grant_type'
    | 'temporarily_unavailable'
    | 'server_error';
  readonly error_description: string;
  readonly error_codes: ReadonlyArray<number>;
  readonly suberror?: 'consent_required';
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly owner: 'customer' | 'partner' | 'microsoft' | 'caller';
  readonly remedy: string;
  readonly retry_after?: number;
  readonly consent_url?: string;
  readonly missing_roles?: ReadonlyArray<string>;
  readonly problems?: ReadonlyArray<string>;
};

export type OAuthMetadata = {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly authorization_endpoint: string;
  readonly jwks_uri: string;
} & Readonly<Record<string, unknown>>;

export type OAuthKeys = {
  readonly keys: ReadonlyArray<unknown>;
};

/** Where each operation is. */
export const ROUTES = {
  createInvitation: 'POST /api/invitations',
  listInvitations: 'GET /api/invitations',
  createInvitations: 'POST /api/invitations/batch',
  revokeInvitation: 'DELETE /api/invitations/{invitation_id}',
  approveInvitation: 'POST /api/invitations/{invitation_id}/approve',
  getOverview: 'GET /api/overview',
  listTenants: 'GET /api/tenants',
  getTenant: 'GET /api/tenants/{tenant}',
  patchTenant: 'PATCH /api/tenants/{tenant}',
  offboardTenant: 'DELETE /api/tenants/{tenant}',
  verifyTenant: 'POST /api/tenants/{tenant}/verify',
  issueToken: 'POST /api/tenants/{tenant}/token',
  validateToken: 'POST /api/tokens/validate',
  listIncidents: 'GET /api/incidents',
  listIncidentChanges: 'GET /api/incidents/changes',
  getIncident: 'GET /api/tenants/{tenant}/incidents/{id}',
  patchIncident: 'PATCH /api/tenants/{tenant}/incidents/{id}',
  createHunt: 'POST /api/hunts',
  listHunts: 'GET /api/hunts',
  getHunt: 'GET /api/hunts/{hunt_id}',
  deleteHunt: 'DELETE /api/hunts/{hunt_id}',
  getHuntResults: 'GET /api/hunts/{hunt_id}/results',
  cancelHunt: 'POST /api/hunts/{hunt_id}/cancel',
  huntTenant: 'POST /api/tenants/{tenant}/hunt',
  listQueries: 'GET /api/queries',
  getQuery: 'GET /api/queries/{name}',
  putQuery: 'PUT /api/queries/{name}',
  deleteQuery: 'DELETE /api/queries/{name}',
  createSubscription: 'POST /api/subscriptions',
  listSubscriptions: 'GET /api/subscriptions',
  getSubscription: 'GET /api/subscriptions/{subscription_id}',
  patchSubscription: 'PATCH /api/subscriptions/{subscription_id}',
  deleteSubscription: 'DELETE /api/subscriptions/{subscription_id}',
  replaySubscription: 'POST /api/subscriptions/{subscription_id}/replay',
  rotateSecret: 'POST /api/subscriptions/{subscription_id}/rotate-secret',
  testSubscription: 'POST /api/subscriptions/{subscription_id}/test',
  listCallers: 'GET /api/callers',
  getCaller: 'GET /api/callers/{client_id}',
  putCaller: 'PUT /api/callers/{client_id}',
  deleteCaller: 'DELETE /api/callers/{client_id}',
  simulatePolicy: 'POST /api/policy/simulate',
  listIssuances: 'GET /api/audit/tokens',
  listActs: 'GET /api/audit/acts',
  checkIntegrity: 'POST /api/integrity/check',
  acceptRows: 'POST /api/integrity/accept',
  health: 'GET /api/health',
  receiptKeys: 'GET /api/.well-known/jwks.json',
  openApi: 'GET /api/openapi.json',
} as const;

/** What each operation takes and answers. */
export interface Operations {
  /** Make a single-use link for one customer's admin. */
  createInvitation: {
    params: undefined;
    query: undefined;
    body: {
      readonly tenant?: string;
      readonly flow?: 'adminconsent' | 'authorize';
      readonly expires_in?: number;
      readonly display_name?: string;
      readonly note?: string;
    };
    answer: Invitation;
  };
  /**
   * See how far each invitation has come, newest first, and how many stand at each step; the
   * links are never shown again.
   */
  listInvitations: {
    params: undefined;
    query: {
      readonly status?:
        | 'sent'
        | 'opened'
        | 'signed_in'
        | 'awaiting_approval'
        | 'verifying'
        | 'used'
        | 'expired'
        | 'revoked';
      readonly cursor?: string;
      readonly limit?: number;
    };
    body: undefined;
    answer: InvitationPage;
  };
  /** Make up to 100 links at once: one result or error each, in the order of the request. */
  createInvitations: {
    params: undefined;
    query: undefined;
    body: {
      readonly invitations: ReadonlyArray<{
        readonly tenant?: string;
        readonly flow?: 'adminconsent' | 'authorize';
        readonly expires_in?: number;
        readonly display_name?: string;
        readonly note?: string;
      }>;
    };
    answer: InvitationBatch;
  };
  /** Withdraw an invitation; one that was used stays used. Can be repeated. */
  revokeInvitation: {
    params: {
      readonly invitation_id: string;
    };
    query: undefined;
    body: undefined;
    answer: InvitationState;
  };
  /**
   * Let a tenant in that waits for an approval; its proof begins. Name the tenant that you saw:
   * where several wait it is needed.
   */
  approveInvitation: {
    params: {
      readonly invitation_id: string;
    };
    query: undefined;
    body: {
      readonly tenant?: string;
    };
    answer: InvitationState;
  };
  /**
   * See what needs somebody now, by owner, how the fleet and the broker are, and the caller's
   * hunts that run or left customers out.
   */
  getOverview: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: Overview;
  };
  /**
   * See every tenant, whatever its status, in pages. With include=open_incidents each shows how
   * many incidents are open, where the caller may read them.
   */
  listTenants: {
    params: undefined;
    query: {
      readonly status?:
        | 'verifying'
        | 'active'
        | 'partial'
        | 'consent_revoked'
        | 'disabled'
        | 'offboarded';
      readonly tag?: string;
      readonly q?: string;
      readonly cursor?: string;
      readonly include?: ReadonlyArray<'open_incidents'>;
      readonly limit?: number;
    };
    body: undefined;
    answer: TenantPage;
  };
  /**
   * See one tenant: status, roles granted and missing, the last error with its owner, the sync of
   * its incidents.
   */
  getTenant: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: undefined;
    answer: Tenant;
  };
  /**
   * Disable or enable a tenant, name and tag it, choose where its incidents are read and how long
   * they are kept.
   */
  patchTenant: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: {
      readonly status?: 'active' | 'disabled';
      readonly display_name?: string;
      readonly tags?: ReadonlyArray<string>;
      readonly incident_retention_days?: number | null;
      readonly incident_source?: 'defender-xdr' | 'graph' | null;
    };
    answer: Tenant;
  };
  /**
   * Remove everything that is kept about a tenant but a tombstone; answers a signed receipt. A
   * repeat completes it.
   */
  offboardTenant: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: undefined;
    answer: Offboarding;
  };
  /** Prove the tenant by fresh tokens, now. */
  verifyTenant: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: undefined;
    answer: Tenant;
  };
  /** Get an app-only token of a customer's tenant that works now. */
  issueToken: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: {
      readonly grant_type?: 'client_credentials';
      readonly resource?: string;
      readonly scope?: string;
      readonly min_ttl?: number | string;
    };
    answer: Token;
  };
  /** Read what a token claims and what it lacks; the signature is not checked. */
  validateToken: {
    params: undefined;
    query: undefined;
    body: {
      readonly access_token: string;
      readonly resource?: string;
    };
    answer: TokenReport;
  };
  /**
   * See the incidents of every tenant that is granted, by tenant and newest id first, or the last
   * updated of all first. A page may be short, even empty, while there is a next_cursor. Needs a
   * grant of incidents.
   */
  listIncidents: {
    params: undefined;
    query: {
      readonly tenant?: string;
      readonly cursor?: string;
      readonly tag?: string;
      readonly severity?: ReadonlyArray<
        | 'unknown'
        | 'informational'
        | 'low'
        | 'medium'
        | 'high'>;
      readonly status?: ReadonlyArray<
        | 'active'
        | 'inProgress'
        | 'resolved'
        | 'redirected'
        | 'awaitingAction'>;
      readonly assigned_to?: string;
      readonly updated_since?: string;
      readonly created_since?: string;
      readonly order?: 'tenant' | 'updated';
      readonly include?: ReadonlyArray<'raw' | 'alerts'>;
      readonly limit?: number;
    };
    body: undefined;
    answer: IncidentPage;
  };
  /**
   * Follow what happens to incidents: in order, at least once, from any cursor of the last 30
   * days. Without cursor and since it begins with the oldest change. Needs a grant of incidents.
   */
  listIncidentChanges: {
    params: undefined;
    query: {
      readonly tenant?: string;
      readonly cursor?: string;
      readonly severity?: ReadonlyArray<
        | 'unknown'
        | 'informational'
        | 'low'
        | 'medium'
        | 'high'>;
      readonly kind?: ReadonlyArray<'created' | 'updated' | 'merged'>;
      readonly include?: ReadonlyArray<'raw' | 'alerts'>;
      readonly since?: string;
      readonly limit?: number;
      readonly wait?: number;
    };
    body: undefined;
    answer: IncidentChangePage;
  };
  /** See one incident with Microsoft's own JSON of it. */
  getIncident: {
    params: {
      readonly tenant: string;
      readonly id: string;
    };
    query: {
      readonly include?: 'alerts';
    };
    body: undefined;
    answer: WholeIncident;
  };
  /** Change an incident at Microsoft; what is left out stays as it is. */
  patchIncident: {
    params: {
      readonly tenant: string;
      readonly id: string;
    };
    query: undefined;
    body: {
      readonly status?: string;
      readonly assigned_to?: string;
      readonly classification?: string;
      readonly determination?: string;
      readonly tags?: ReadonlyArray<string>;
      readonly comment?: string;
    };
    answer: Incident;
  };
  /**
   * Ask one KQL query of many customers: those that are named, those with a tag, or all that the
   * caller may hunt at. Every customer ends with a verdict.
   */
  createHunt: {
    params: undefined;
    query: undefined;
    body: {
      readonly query?: string;
      readonly saved_query?: string;
      readonly timespan?: string;
      readonly max_rows?: number;
      readonly parameters?: Readonly<Record<string, unknown>>;
      readonly tenants?: ReadonlyArray<string>;
      readonly tag?: string;
      readonly max_total_rows?: number;
      readonly name?: string;
    };
    answer: Hunt;
  };
  /** See the caller's hunts, the newest first. */
  listHunts: {
    params: undefined;
    query: {
      readonly cursor?: string;
      readonly limit?: number;
    };
    body: undefined;
    answer: HuntPage;
  };
  /** See how far a hunt is: each customer with its verdict, owner and remedy. */
  getHunt: {
    params: {
      readonly hunt_id: string;
    };
    query: {
      readonly cursor?: string;
      readonly limit?: number;
    };
    body: undefined;
    answer: HuntStatus;
  };
  /**
   * Cancel a hunt and remove it with its results. Who holds Policy.Manage too may remove all.
   */
  deleteHunt: {
    params: {
      readonly hunt_id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /**
   * Read the rows of all customers as one table, in pages of at most 4 MB: follow the Link header
   * until there is none. While the hunt runs, the same cursor goes on with what is stored next.
   */
  getHuntResults: {
    params: {
      readonly hunt_id: string;
    };
    query: {
      readonly cursor?: string;
      readonly format?: 'json';
    };
    body: undefined;
    answer: HuntResults;
  };
  /**
   * Ask no further customer; the rows that are stored stay. A hunt that has ended stays as it is.
   */
  cancelHunt: {
    params: {
      readonly hunt_id: string;
    };
    query: undefined;
    body: undefined;
    answer: Hunt;
  };
  /** Ask one customer now: the rows within 100 seconds, or a hunt that goes on (202). */
  huntTenant: {
    params: {
      readonly tenant: string;
    };
    query: undefined;
    body: {
      readonly query?: string;
      readonly saved_query?: string;
      readonly timespan?: string;
      readonly max_rows?: number;
      readonly parameters?: Readonly<Record<string, unknown>>;
    };
    answer: HuntedTenant;
  };
  /** See all saved queries, by name. */
  listQueries: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: SavedQueryList;
  };
  /** See one saved query. */
  getQuery: {
    params: {
      readonly name: string;
    };
    query: undefined;
    body: undefined;
    answer: SavedQuery;
  };
  /**
   * Save a query with the types of its parameters, over one of the same name. All who may hunt
   * share the library.
   */
  putQuery: {
    params: {
      readonly name: string;
    };
    query: undefined;
    body: {
      readonly query: string;
      readonly parameters?: Readonly<Record<string,
        | 'string'
        | 'long'
        | 'datetime'
        | 'timespan'
        | 'dynamic'>>;
      readonly description?: string;
    };
    answer: SavedQuery;
  };
  /** Remove a saved query; hunts that were made with it stay. */
  deleteQuery: {
    params: {
      readonly name: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };
  /**
   * Have changes of incidents sent to a URL, signed as Standard Webhooks say. Shows the secret,
   * once.
   */
  createSubscription: {
    params: undefined;
    query: undefined;
    body: {
      readonly url: string;
      readonly filter?: {
        readonly tenants?: ReadonlyArray<string>;
        readonly severities?: ReadonlyArray<
          | 'unknown'
          | 'informational'
          | 'low'
          | 'medium'
          | 'high'>;
        readonly kinds?: ReadonlyArray<'created' | 'updated' | 'merged'>;
      };
      readonly since?: string;
    };
    answer: SubscriptionSecret;
  };
  /**
   * See the caller's subscriptions; with Policy.Manage, those of all callers, without the paths
   * of their URLs.
   */
  listSubscriptions: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: SubscriptionList;
  };
  /** See where one subscription stands, and what keeps it from getting on. */
  getSubscription: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: undefined;
    answer: Subscription;
  };
  /** Change, pause or resume a subscription; it is tried again at once unless paused. */
  patchSubscription: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: {
      readonly url?: string;
      readonly filter?: {
        readonly tenants?: ReadonlyArray<string>;
        readonly severities?: ReadonlyArray<
          | 'unknown'
          | 'informational'
          | 'low'
          | 'medium'
          | 'high'>;
        readonly kinds?: ReadonlyArray<'created' | 'updated' | 'merged'>;
      };
      readonly status?: 'active' | 'paused';
    };
    answer: Subscription;
  };
  /** End a subscription; with Policy.Manage, that of any caller. */
  deleteSubscription: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: undefined;
    answer: RemovedSubscription;
  };
  /** Have everything from a number of the last 30 days on sent once more. */
  replaySubscription: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: {
      readonly from_sequence: number;
    };
    answer: Subscription;
  };
  /** Get a new secret, shown once; for a day the one before signs too. */
  rotateSecret: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: undefined;
    answer: SubscriptionSecret;
  };
  /** Send a notification without a number now, and see what became of it. */
  testSubscription: {
    params: {
      readonly subscription_id: string;
    };
    query: undefined;
    body: undefined;
    answer: SubscriptionTest;
  };
  /** See every caller that has grants. */
  listCallers: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: CallerList;
  };
  /** See what one caller may have. */
  getCaller: {
    params: {
      readonly client_id: string;
    };
    query: undefined;
    body: undefined;
    answer: Caller;
  };
  /** Replace what a caller may have, where a rule that denies wins; block or unblock it. */
  putCaller: {
    params: {
      readonly client_id: string;
    };
    query: undefined;
    body: {
      readonly display_name?: string;
      readonly mode?: 'enforce' | 'audit';
      readonly client_secret?: boolean;
      readonly webhook_hosts?: ReadonlyArray<string>;
      readonly blocked?: boolean;
      readonly rules?: ReadonlyArray<{
        readonly id: string;
        readonly effect: 'allow' | 'deny';
        readonly tenants: ReadonlyArray<string>;
        readonly resources: ReadonlyArray<string>;
        readonly operations?: ReadonlyArray<string>;
      }>;
    };
    answer: Caller;
  };
  /** Take every grant of a caller away, everywhere within five seconds. */
  deleteCaller: {
    params: {
      readonly client_id: string;
    };
    query: undefined;
    body: undefined;
    answer: RemovedCaller;
  };
  /** Ask what a caller would get for a tenant and resource, and which rule says so. */
  simulatePolicy: {
    params: undefined;
    query: undefined;
    body: {
      readonly caller: string;
      readonly tenant: string;
      readonly operation?: string;
      readonly resource?: string;
    };
    answer: Simulation;
  };
  /** See who received which token; the query has to be bounded. */
  listIssuances: {
    params: undefined;
    query: {
      readonly tenant?: string;
      readonly since?: string;
      readonly until?: string;
      readonly limit?: number;
      readonly cursor?: string;
      readonly caller?: string;
      readonly token_hash?: string;
      readonly uti?: string;
      readonly live?: 'true' | 'false';
      readonly would_be_denied?: 'true';
    };
    body: undefined;
    answer: IssuancePage;
  };
  /**
   * See what operators and the broker did, in order, whose rules a change of tags makes fit, and
   * whether the chain of these events holds.
   */
  listActs: {
    params: undefined;
    query: {
      readonly tenant?: string;
      readonly since?: string;
      readonly until?: string;
      readonly limit?: number;
      readonly act?: ReadonlyArray<
        | 'ledger.start'
        | 'invitation.create'
        | 'invitation.approve'
        | 'invitation.revoke'
        | 'invitation.change'
        | 'tenant.patch'
        | 'tenant.verify'
        | 'tenant.offboard'
        | 'tenant.change'
        | 'grants.put'
        | 'grants.remove'
        | 'grants.change'
        | 'caller.block'
        | 'caller.unblock'
        | 'policy.simulate'
        | 'credential.put'
        | 'credential.refused'
        | 'incident.update'
        | 'api.call'
        | 'subscription.create'
        | 'subscription.patch'
        | 'subscription.remove'
        | 'subscription.replay'
        | 'subscription.rotate'
        | 'subscription.test'
        | 'subscription.change'
        | 'hunt.create'
        | 'hunt.cancel'
        | 'hunt.remove'
        | 'query.put'
        | 'query.remove'
        | 'integrity.accept'>;
      readonly actor?: string;
      readonly subject?: string;
      readonly order?: 'asc' | 'desc';
      readonly cursor?: string;
    };
    body: undefined;
    answer: ActPage;
  };
  /**
   * Look at every row that decides something and at the chain of events: what did somebody else
   * than the broker write?
   */
  checkIntegrity: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: Integrity;
  };
  /**
   * Take rows that are not believed as they stand: after an upgrade, a restore, or an attack that
   * you have looked at.
   */
  acceptRows: {
    params: undefined;
    query: undefined;
    body: {
      readonly rows?: ReadonlyArray<{
        readonly table:
          | 'callers'
          | 'tenants'
          | 'invitations'
          | 'webhooks'
          | 'huntqueries'
          | 'incidentchanges'
          | 'webhookoutbox'
          | 'queues'
          | 'incidents'
          | 'hunts';
        readonly key: string;
        readonly digest?: string;
      }>;
      readonly all?: true;
      readonly ledger?: true;
      readonly discard?: true;
    };
    answer: AcceptedRows;
  };
  /**
   * See whether the broker could start, or which settings are wrong; with a token that holds
   * Tenants.Read, every dependency.
   */
  health: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: Health;
  };
  /** Get the public keys that verify receipts of offboardings. */
  receiptKeys: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: ReceiptKeys;
  };
  /** Get this description. */
  openApi: {
    params: undefined;
    query: undefined;
    body: undefined;
    answer: Readonly<Record<string, unknown>>;
  };
}
