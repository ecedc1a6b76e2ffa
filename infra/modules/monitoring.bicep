param token string
param location string
param tags object
param identityPrincipalId string
param operatorsGroupId string
@description('Days that log lines are kept.')
param retentionDays int
@description('Gigabytes a day after which no more is taken in; -1: no cap.')
param dailyCapGb int

var roles = loadJsonContent('../roles.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
    features: {
      disableLocalAuth: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publishTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityPrincipalId, roles['Monitoring Metrics Publisher'])
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Monitoring Metrics Publisher']
    )
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  name: guid(workspace.id, operatorsGroupId, roles['Log Analytics Reader'])
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Log Analytics Reader'])
    principalId: operatorsGroupId
    principalType: 'Group'
  }
}

// Queries of what the broker logs; test/infra/workbook.test.ts compares them with the code.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspace.id, 'broker')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Partner broker'
    category: 'workbook'
    sourceId: workspace.id
    version: '1.0'
    serializedData: replace(loadTextContent('../workbook.json'), '__WORKSPACE_ID__', workspace.id)
  }
}

output workspaceId string = workspace.id
output insightsName string = insights.name
