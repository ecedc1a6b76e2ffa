param token string
param location string
param tags object
param workspaceId string
param alertEmail string
param packageStorageName string

@description('Object id of the app\'s identity: the only one that reads secrets day by day.')
param identityPrincipalId string
@description('Object id of who deploys and keeps the vault. Empty: nobody is expected to.')
param deployerPrincipalId string

// Each query answers rows only when somebody has to act; docs/runbook.md has an entry of the same name.
// The broker's log lines are JSON with an `event`. What is alarming by its absence is looked for in AppRequests: it must have been there
// within two days, so a deployment that is minutes old alarms nobody. Neither those nor the lines are sampled: host.json says so.
var names = {
  __IDENTITY__: identityPrincipalId
  __DEPLOYER__: deployerPrincipalId
  __PACKAGE_ACCOUNT__: packageStorageName
}

var rules = [
  {
    name: 'refresh-silent'
    description: 'The refresh timer has not succeeded for 15 minutes.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    range: 'P2D'
    query: '''
      AppRequests
      | where Name == "refreshTokens" and Success == true
      | summarize newest = max(TimeGenerated)
      | where newest < ago(15m)
    '''
  }
  {
    name: 'refresh-failing'
    description: 'For 15 minutes every refresh failed.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    range: 'PT15M'
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
    description: 'A queue message failed five times and was moved to its poison queue.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    range: 'PT15M'
    query: '''
      StorageQueueLogs
      | where OperationName == "PutMessage" and StatusCode == "201"
      | where Uri contains "-poison/"
    '''
  }
  {
    name: 'sync-silent'
    description: 'The timer of the incident sync has not succeeded for 15 minutes.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    range: 'P2D'
    query: '''
      AppRequests
      | where Name == "syncIncidents" and Success == true
      | summarize newest = max(TimeGenerated)
      | where newest < ago(15m)
    '''
  }
  {
    name: 'data-late'
    description: 'Incident data of a customer is older than it may be.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    range: 'PT15M'
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
    range: 'PT15M'
    query: '''
      AppRequests
      // GET /health answers 503 on purpose, to probes that ask all the time.
      | where Name != "health"
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
    range: 'P1D'
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
    range: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event in ("token.mismatch", "vault.key_malformed", "receipt.key_malformed", "offboarding.purge_failed", "tenants.cohort_failing", "credential.unusable", "row.unreadable", "integrity.violated", "audit.not_recorded")
    '''
  }
  {
    name: 'ledger-went-back'
    description: 'The chain of audit events goes on from an earlier place than the log has seen.'
    severity: 1
    every: 'PT15M'
    window: 'PT1H'
    range: 'P2D'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event in ("audit.recorded", "integrity.check")
      | extend sequence = tolong(line.sequence), hash = tostring(line.hash)
      | summarize hashes = dcount(hash) by sequence
      | where hashes > 1
    '''
  }
  {
    name: 'grants-changed'
    description: 'Somebody changed what a caller may have.'
    severity: 3
    every: 'PT15M'
    window: 'PT15M'
    range: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "request.completed"
      | where line.route in ("putCaller", "deleteCaller")
    '''
  }
  {
    name: 'mass-issuance'
    description: 'A caller got tokens of 20 customers that it had not asked for in the two days before.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    range: 'P2D'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "token.issued"
      | summarize recent = countif(TimeGenerated >= ago(15m)), before = countif(TimeGenerated < ago(15m)) by caller = tostring(line.caller), tenant = tostring(line.tenant)
      | where recent > 0 and before == 0
      | summarize tenants = count() by caller
      | where tenants >= 20
    '''
  }
  {
    name: 'refusals'
    description: 'A caller was refused 100 times in 15 minutes.'
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
    range: 'PT15M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where line.event == "request.refused"
      | where line.error in ("invalid_token", "insufficient_scope", "access_denied")
      | summarize refused = count() by caller = tostring(line.caller), error = tostring(line.error)
      | where refused >= 100
    '''
  }
  {
    name: 'vault-read'
    description: 'Somebody else than the app and who deploys read or changed a secret of the vault.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    range: 'PT15M'
    query: '''
      AZKVAuditLogs
      | where OperationName startswith "Secret" and OperationName != "SecretList"
      | extend reader = tostring(Identity.claim["http://schemas.microsoft.com/identity/claims/objectidentifier"])
      | where reader != "__IDENTITY__" and reader != "__DEPLOYER__"
    '''
  }
  {
    name: 'package-replaced'
    description: 'Somebody else than who deploys wrote to the account of the package.'
    severity: 1
    every: 'PT15M'
    window: 'PT15M'
    range: 'PT15M'
    query: '''
      StorageBlobLogs
      | where Category == "StorageWrite"
      | where AccountName == "__PACKAGE_ACCOUNT__" and Uri contains "/deployment/"
      | where RequesterObjectId != "__DEPLOYER__"
    '''
  }
  {
    name: 'logs-capped'
    description: 'The daily cap on logs is reached: until midnight UTC no other alert can see anything.'
    severity: 1
    every: 'PT15M'
    window: 'PT30M'
    range: 'PT30M'
    query: '''
      _LogOperation
      | where Category =~ "Ingestion" and Detail contains "OverQuota"
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
      overrideQueryTimeRange: rule.range == rule.window ? null : rule.range
      autoMitigate: true
      // The tables appear with their first rows, after this deployment.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: contains(rule.query, '__')
              ? reduce(items(names), rule.query, (query, name) => replace(query, name.key, name.value))
              : rule.query
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
