param token string
param location string
param tags object
param workspaceId string
param alertEmail string

// Each query answers rows only when somebody has to act; docs/runbook.md has an entry of the same name.
// The broker's log lines are JSON with an `event`. What is alarming by its absence is looked for in AppRequests.
// Neither those nor the lines are sampled: host.json says so.
var rules = [
  {
    name: 'refresh-silent'
    description: 'The refresh timer has not succeeded for 15 minutes.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppRequests
      | where Name == "refreshTokens" and Success == true
      | summarize runs = count()
      | where runs == 0
    '''
  }
  {
    name: 'refresh-failing'
    description: 'For 15 minutes every refresh failed.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "refresh.batch"
      | summarize failed = sum(tolong(line.failed)), good = sum(tolong(line.refreshed) + tolong(line.already_fresh))
      | where failed > 0 and good == 0
    '''
  }
  {
    name: 'poison-messages'
    description: 'A queue message failed five times and was set aside.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    query: '''
      StorageQueueLogs
      | where OperationName == "PutMessage" and StatusCode == "201"
      | where Uri has "token-refresh-poison" or Uri has "consent-verification-poison" or Uri has "incident-sync-poison" or Uri has "webhook-delivery-poison"
    '''
  }
  {
    name: 'sync-silent'
    description: 'The timer of the incident sync has not succeeded for 15 minutes.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppRequests
      | where Name == "syncIncidents" and Success == true
      | summarize runs = count()
      | where runs == 0
    '''
  }
  {
    name: 'data-late'
    description: 'Incident data of a customer is older than it may be.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "sync.age"
      | summarize arg_max(TimeGenerated, line)
      | where tolong(line.late) > 0
    '''
  }
  {
    name: 'error-rate'
    description: 'More than one request in twenty ended with a 5xx.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppRequests
      | summarize failed = sumif(ItemCount, toint(ResultCode) >= 500), total = sum(ItemCount)
      | where failed >= 5 and failed * 20 > total
    '''
  }
  {
    name: 'credential-expiring'
    description: 'The client credential ends within 30 days.'
    severity: 2
    every: 'PT1H'
    window: 'P1D'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "credential.expiring"
      | where toint(line.days_left) < 30
    '''
  }
  {
    name: 'broker-alarm'
    description: 'The broker logged something that must not happen.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event in ("token.mismatch", "vault.key_malformed", "receipt.key_malformed", "offboarding.purge_failed", "tenants.cohort_failing", "credential.unusable", "row.unreadable")
    '''
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'broker'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Broker: ${rule.name}'
      description: '${rule.description} See docs/runbook.md, ${rule.name}.'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: true
      // The tables appear with their first rows, after this deployment.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(alertEmail) ? [] : [operators.id]
      }
    }
  }
]
