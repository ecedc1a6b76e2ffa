param name string
param sku string
param location string
param tags object
param identityPrincipalId string
param workspaceId string
param isPrivate bool

var roles = loadJsonContent('../roles.json')

// Owner of blobs: the host keeps its locks and the package there, the app large incidents. Contributors: the app makes what is missing.
var assignedRoles = [
  'Storage Blob Data Owner'
  'Storage Queue Data Contributor'
  'Storage Table Data Contributor'
]

var deploymentContainer = 'deployment'
var containerNames = [
  deploymentContainer
  'incidents'
]
var queueNames = [
  'token-refresh'
  'incident-sync'
  'consent-verification'
  'webhook-delivery'
]
var tableNames = [
  'tenants'
  'tokens'
  'invitations'
  'usedstates'
  'epoch'
  'timers'
  'callers'
  'issuances'
  'acts'
  'incidents'
  'incidentchanges'
  'incidentsync'
  'webhooks'
  'webhookoutbox'
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = [
      for containerName in containerNames: {
        name: containerName
      }
    ]
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [
      for queueName in queueNames: {
        name: queueName
      }
    ]
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for tableName in tableNames: {
        name: tableName
      }
    ]
  }
}

// The alert on poison messages reads these: nothing else tells of a message that the host gave up.
#disable-next-line use-recent-api-versions // 2016-09-01, which the rule proposes, knows no log of a queue service.
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'queue-writes'
  scope: account::queues
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
    ]
  }
}

resource roleAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in assignedRoles: {
    name: guid(account.id, identityPrincipalId, roles[role])
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      principalId: identityPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

output id string = account.id
output name string = account.name
output deploymentContainer string = deploymentContainer
