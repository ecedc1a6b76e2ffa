"""A credential of one customer for Azure's Python SDKs; needs the standard library only.

    credential = BrokerCredential(
        url="https://func-broker-x.azurewebsites.net",
        tenant="contoso.example",
        get_caller_token=lambda: identity.get_token("api://<client id>/.default").token,
    )
"""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable, Dict, NamedTuple, Optional

TIMEOUT_SECONDS = 30
MAX_ANSWER_BYTES = 1_000_000
# The broker's tokens live longer than this; a shorter rest is no use to a caller.
MIN_LIFE_SECONDS = 60


class AccessToken(NamedTuple):
    """The same fields as azure.core.credentials.AccessToken; the time in epoch seconds."""

    token: str
    expires_on: int


class BrokerRefusal(Exception):
    """What the broker refused, with who has to act (`owner`) and what to do (`remedy`)."""

    def __init__(self, status: int, body: Dict[str, Any]) -> None:
        code, text = body.get("error", "server_error"), body.get("error_description", "")
        super().__init__(f"{status} {code}: {text} {body.get('remedy', '')}".strip())
        self.status = status
        self.body = body


class _Kept(NamedTuple):
    token: AccessToken
    refresh_at: float


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would take the caller's token along."""

    def redirect_request(self, *_: Any) -> None:
        return None


class BrokerCredential:
    """A `TokenCredential`. Tokens are kept until the broker would renew them, for all threads.

    A request for another tenant is refused: give each customer its own credential.
    """

    def __init__(self, *, url: str, tenant: str, get_caller_token: Callable[[], str]) -> None:
        self._url = f"{url}/api/tenants/{urllib.parse.quote(tenant, safe='')}/token"
        self._tenant = tenant
        self._get_caller_token = get_caller_token
        self._open = urllib.request.build_opener(_NoRedirects).open
        self._lock = threading.Lock()
        self._kept: Dict[str, _Kept] = {}

    def get_token(
        self, *scopes: str, tenant_id: Optional[str] = None, **_: Any
    ) -> AccessToken:
        if len(scopes) != 1:
            raise ValueError("Ask for one scope, such as https://graph.microsoft.com/.default.")
        if tenant_id is not None and tenant_id.lower() != self._tenant.lower():
            raise ValueError(f"This credential is for {self._tenant} only: create one for each.")
        with self._lock:
            return self._find(scopes[0])

    def _find(self, scope: str) -> AccessToken:
        kept = self._kept.get(scope)
        if kept and time.time() < kept.refresh_at:
            return kept.token
        try:
            self._kept[scope] = self._request(scope)
        except (BrokerRefusal, OSError):
            if kept and time.time() < kept.token.expires_on - MIN_LIFE_SECONDS:
                return kept.token
            raise
        return self._kept[scope].token

    def _request(self, scope: str) -> _Kept:
        request = urllib.request.Request(
            self._url,
            data=json.dumps({"scope": scope}).encode(),
            headers={
                "Authorization": f"Bearer {self._get_caller_token()}",
                "Content-Type": "application/json",
            },
        )
        try:
            with self._open(request, timeout=TIMEOUT_SECONDS) as response:
                body = json.loads(response.read(MAX_ANSWER_BYTES))
        except urllib.error.HTTPError as error:
            raise BrokerRefusal(error.code, _read_refusal(error)) from None
        now = time.time()
        token = AccessToken(body["access_token"], int(now + body["expires_in"]))
        return _Kept(token, now + body["refresh_in"])


def _read_refusal(error: urllib.error.HTTPError) -> Dict[str, Any]:
    try:
        body = json.loads(error.read(MAX_ANSWER_BYTES))
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    return {"error_description": "The answer is not the broker's: check its URL."}
