/** The documented values of an update, in Graph's words ("Update incident", Microsoft Graph v1.0). */
export const UPDATE_STATUSES = ['active', 'inProgress', 'resolved'] as const;

/** What an incident can turn out to be, and what it then may be determined as ("Update incidents API"). */
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

/** What the analyst's tool changes; what is left out stays as it is. */
export interface IncidentUpdate {
  readonly status?: (typeof UPDATE_STATUSES)[number] | undefined;
  /** An empty text takes the assignment back. */
  readonly assignedTo?: string | undefined;
  readonly classification?: keyof typeof DETERMINATIONS | undefined;
  readonly determination?: string | undefined;
  /** All custom tags: the list replaces the one before. */
  readonly tags?: readonly string[] | undefined;
  /** Appended. */
  readonly comment?: string | undefined;
}
