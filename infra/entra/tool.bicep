extension microsoftGraphV1

@description('The immutable key by which the registration is found again.')
param uniqueName string
@description('Object id of the service principal of the broker\'s API.')
param apiPrincipalId string
@description('Ids of the app roles that the tool gets.')
param appRoleIds string[]

// A pattern for the partner's own tools: a registration without a credential until somebody gives it one.
resource tool 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: 'Defender partner broker: example tool'
  signInAudience: 'AzureADMyOrg'
}

resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: tool.appId
}

resource assignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for appRoleId in appRoleIds: {
    principalId: principal.id
    resourceId: apiPrincipalId
    appRoleId: appRoleId
  }
]

output clientId string = tool.appId
