@description('A role of roles.json for one identity on this account.')
type Right = {
  role: string
  principalId: string
  principalType: 'ServicePrincipal' | 'User' | 'Group'
}

param name string
param sku string
param location string
param tags object
param containers string[] = []
param queues string[] = []
param tables string[] = []
param rights Right[]
@description('Blobs that are overwritten or deleted stay as earlier versions.')
param keepVersions bool = false
@description('Writes of which service are logged: nothing else shows a poison message, or who replaced the package.')
@allowed(['blobs', 'queues'])
param loggedWrites string
param workspaceId string
param isPrivate bool
@description('With isPrivate: the one public address that still gets through. Empty: none.')
param allowedIp string = ''

var roles = loadJsonContent('../roles.json')

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
    publicNetworkAccess: isPrivate && empty(allowedIp) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: isPrivate && !empty(allowedIp) ? [{ value: allowedIp }] : []
    }
  }

  resource blobService 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: keepVersions
    }

    resource container 'containers' = [
      for containerName in containers: {
        name: containerName
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [
      for queueName in queues: {
        name: queueName
      }
    ]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource table 'tables' = [
      for tableName in tables: {
        name: tableName
      }
    ]
  }
}

var writeLogs = [{ category: 'StorageWrite', enabled: true }]

#disable-next-line use-recent-api-versions // 2016-09-01, which the rule proposes, knows no log of a queue service.
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (loggedWrites == 'queues') {
  name: 'queue-writes'
  scope: account::queueService
  properties: {
    workspaceId: workspaceId
    logs: writeLogs
  }
}

#disable-next-line use-recent-api-versions // 2016-09-01, which the rule proposes, knows no log of a blob service.
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (loggedWrites == 'blobs') {
  name: 'blob-writes'
  scope: account::blobService
  properties: {
    workspaceId: workspaceId
    logs: writeLogs
  }
}

resource roleAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in rights: {
    name: guid(account.id, right.principalId, roles[right.role])
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[right.role])
      principalId: right.principalId
      principalType: right.principalType
    }
  }
]

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
