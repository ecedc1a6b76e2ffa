<#
.SYNOPSIS
Gets the access token of one customer from the broker, as a SecureString.

.DESCRIPTION
Load it with: . ./Get-BrokerToken.ps1
It needs PowerShell 7 or Windows PowerShell 5.1, and no module. A 429 or 503 is tried again when the
broker says so (Retry-After), twice at most.

.PARAMETER Url
The broker, such as https://func-broker-x.azurewebsites.net.

.PARAMETER Tenant
The customer: tenant id or verified domain.

.PARAMETER CallerToken
An access token for the broker's API, for example
(Get-AzAccessToken -ResourceUrl api://<client id> -AsSecureString).Token

.PARAMETER Resource
defender-xdr, defender-endpoint or graph.

.EXAMPLE
Connect-MgGraph -AccessToken (Get-BrokerToken -Url $broker -Tenant contoso.example -CallerToken $mine -Resource graph)
Get-MgSecurityIncident -Top 5

.EXAMPLE
$token = Get-BrokerToken -Url $broker -Tenant contoso.example -CallerToken $mine
$incidents = Invoke-RestMethod https://api.security.microsoft.com/api/incidents -Authentication Bearer -Token $token
#>
function Get-BrokerToken {
    [CmdletBinding()]
    [OutputType([securestring])]
    param(
        [Parameter(Mandatory)] [string] $Url,
        [Parameter(Mandatory)] [string] $Tenant,
        [Parameter(Mandatory)] [securestring] $CallerToken,
        [ValidateSet('defender-xdr', 'defender-endpoint', 'graph')] [string] $Resource = 'defender-xdr'
    )
    $plain = [System.Net.NetworkCredential]::new('', $CallerToken).Password
    $request = @{
        Method = 'Post'
        Uri = "$Url/api/tenants/$([uri]::EscapeDataString($Tenant))/token"
        Headers = @{ Authorization = "Bearer $plain" }
        ContentType = 'application/json'
        Body = @{ resource = $Resource } | ConvertTo-Json
        # A redirect would take the caller's token along.
        MaximumRedirection = 0
        TimeoutSec = 30
    }
    for ($triesLeft = 2; ; $triesLeft--) {
        try {
            $answer = Invoke-RestMethod @request -ErrorAction Stop
            return ConvertTo-SecureString $answer.access_token -AsPlainText -Force
        }
        catch {
            $seconds = Get-BrokerRetryAfter $_
            if ($triesLeft -eq 0 -or $null -eq $seconds) { throw (Get-BrokerRefusal $_) }
            Start-Sleep -Seconds $seconds
        }
    }
}

# Seconds after which the broker wants to be asked again; nothing when it does not, or not so soon.
function Get-BrokerRetryAfter($Failure) {
    $response = $Failure.Exception.Response
    if ($null -eq $response -or [int]$response.StatusCode -notin 429, 503) { return }
    # HttpResponseMessage (7) has typed headers, WebResponse (5.1) has text.
    $header = if ($response.Headers.RetryAfter) { [string]$response.Headers.RetryAfter }
    else { $response.Headers['Retry-After'] }
    $seconds = 0
    if ([int]::TryParse($header, [ref]$seconds) -and $seconds -le 30) { return $seconds }
}

# What the broker refused and what to do, in one line; never what was sent.
function Get-BrokerRefusal($Failure) {
    $body = $null
    if ($Failure.ErrorDetails) {
        try { $body = $Failure.ErrorDetails.Message | ConvertFrom-Json -ErrorAction Stop } catch { }
    }
    if ($body.error) { return "$($body.error): $($body.error_description) $($body.remedy)" }
    return "The broker does not answer: $($Failure.Exception.Message)"
}
