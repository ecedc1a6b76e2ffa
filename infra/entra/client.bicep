extension microsoftGraphV1

@description('The immutable key by which the registration is found again.')
param uniqueName string
param redirectUri string
param displayName string
@description('resource:App.Role each, as in the settings REQUIRED_ROLES and OPTIONAL_ROLES.')
param askedRoles array
param identityPrincipalId string
param cloud string

var permissions = loadJsonContent('permissions.json')
var asked = map(askedRoles, role => {
  resource: trim(split(role, ':')[0])
  name: trim(split(role, ':')[1])
})
var askedResources = union(map(asked, item => item.resource), [])

var isGovernment = cloud == 'gcc-high' || cloud == 'dod'

// What customers' admins consent to: app roles only, by the ids that are the same in every tenant.
resource client 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMultipleOrgs'
  // The id_token of who signs in names their directory roles (`wids`): whether they may consent.
  groupMembershipClaims: 'DirectoryRole'
  web: {
    redirectUris: [redirectUri]
    implicitGrantSettings: {
      enableAccessTokenIssuance: false
      enableIdTokenIssuance: false
    }
  }
  requiredResourceAccess: [
    for resourceName in askedResources: {
      resourceAppId: permissions[resourceName].appId
      resourceAccess: map(filter(asked, item => item.resource == resourceName), item => {
        id: permissions[resourceName].roles[item.name]
        type: 'Role'
      })
    }
  ]
}

// With CLIENT_CREDENTIAL=managed-identity there is no secret at all; harmless otherwise. Entra accepts a wrong issuer,
// subject or audience here and refuses it only when it is used.
resource managedIdentity 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${client.uniqueName}/broker'
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: identityPrincipalId
  audiences: [isGovernment ? 'api://AzureADTokenExchangeUSGov' : 'api://AzureADTokenExchange']
}

// The home tenant's own instance: new credentials are tried here before they serve customers.
resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: client.appId
}

output clientId string = client.appId
