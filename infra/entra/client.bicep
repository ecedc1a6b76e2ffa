extension microsoftGraphV1

@description('The immutable key by which the registration is found again.')
param uniqueName string
@description('What customers\' admins read on Microsoft\'s pages.')
param displayName string
param redirectUris string[]
@description('URLs that Microsoft\'s consent page links to. Empty: no link.')
param privacyUrl string
param termsUrl string
param supportUrl string
@description('resource:App.Role each, as in the settings REQUIRED_ROLES and OPTIONAL_ROLES.')
param askedRoles string[]
param identityPrincipalId string
param cloud string

var permissions = loadJsonContent('permissions.json')
var requested = map(askedRoles, role => {
  resource: split(role, ':')[0]
  name: split(role, ':')[1]
})
var requestedResources = union(map(requested, item => item.resource), [])

var isGovernment = cloud == 'gcc-high' || cloud == 'dod'

// What customers' admins consent to: app roles only, by the ids that are the same in every tenant.
resource client 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMultipleOrgs'
  info: {
    privacyStatementUrl: empty(privacyUrl) ? null : privacyUrl
    termsOfServiceUrl: empty(termsUrl) ? null : termsUrl
    supportUrl: empty(supportUrl) ? null : supportUrl
  }
  // Both make the id_token say in `wids` which directory roles the person who signs in holds.
  groupMembershipClaims: 'DirectoryRole'
  optionalClaims: {
    idToken: [{ name: 'wids' }]
  }
  web: {
    redirectUris: redirectUris
    implicitGrantSettings: {
      enableAccessTokenIssuance: false
      enableIdTokenIssuance: false
    }
  }
  // Credentials that somebody adds to the service principal in another tenant are refused.
  servicePrincipalLockConfiguration: {
    isEnabled: true
    allProperties: true
  }
  requiredResourceAccess: [
    for resourceName in requestedResources: {
      resourceAppId: permissions[resourceName].appId
      resourceAccess: map(filter(requested, item => item.resource == resourceName), item => {
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

// The home tenant's own instance: new credentials are tried here before they serve customers, and operators sign in with it.
resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: client.appId
}

output clientId string = client.appId
