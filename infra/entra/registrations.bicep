param environmentName string
param publicBaseUrl string
param askedRoles array
param clientName string
param identityPrincipalId string
param cloud string
param createExampleTool bool

var prefix = 'defender-broker-${environmentName}'

module client 'client.bicep' = {
  params: {
    uniqueName: '${prefix}-client'
    redirectUri: '${publicBaseUrl}/api/consent/callback'
    askedRoles: askedRoles
    displayName: clientName
    identityPrincipalId: identityPrincipalId
    cloud: cloud
  }
}

module api 'api.bicep' = {
  params: {
    uniqueName: '${prefix}-api'
  }
}

module tool 'tool.bicep' = if (createExampleTool) {
  params: {
    uniqueName: '${prefix}-example-tool'
    apiPrincipalId: api.outputs.principalId
    appRoleIds: [api.outputs.appRoleIds['Tokens.Issue']]
  }
}

output clientId string = client.outputs.clientId
output apiClientId string = api.outputs.clientId
output toolClientId string = createExampleTool ? tool!.outputs.clientId : ''
