"""Authorization profiles: the credentials that the sandbox calls webhooks with.

Sources: events-mutations-createauthprofile, events-mutations-updateauthprofile, events-mutations-deleteauthprofile,
create-and-delete-event-subscriptions. Of errors only the AccessDeniedError of an unknown id is documented in full; the
others are our choice, in the documented forms.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from conformance.sandbox.access import no_access
from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, VALIDATION, api_error, invalid_input
from conformance.sandbox.reading import items
from conformance.sandbox.store import Resource

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
MAX_ID: Final = 50


def create_auth_profile(context: Context, arguments: Resource) -> Resource:
    """`createAuthProfile`: under the given id, or one that the sandbox makes."""
    store, given = context.store, arguments.get("input") or {}
    profile_id = given.get("authProfileAliasId")
    if profile_id is not None and not 1 <= len(profile_id) <= MAX_ID:
        raise _invalid(f"/createAuthProfile/input/authProfileAliasId must have 1 to {MAX_ID} characters")
    auth = read_auth_config(given.get("authConfig"), "/createAuthProfile/input/authConfig")
    if profile_id in store.auth_profiles:
        raise api_error(CONFLICT, "an authorization profile with this id exists")
    profile_id = profile_id or store.new_uuid("auth-profile")
    store.auth_profiles[profile_id] = {"authProfileId": profile_id, "client": context.caller.client, "auth": auth}
    return {"authProfileId": profile_id}


def update_auth_profile(context: Context, arguments: Resource) -> Resource:
    """`updateAuthProfile`: other credentials, for the subscriptions that have the profile too."""
    given = arguments.get("input") or {}
    profile = find_auth_profile(context, given.get("authProfileId"))
    profile["auth"] = read_auth_config(given.get("authConfig"), "/updateAuthProfile/input/authConfig")
    return {"authProfileId": profile["authProfileId"]}


def delete_auth_profile(context: Context, arguments: Resource) -> Resource:
    """`deleteAuthProfile`: one that no subscription has."""
    profile = find_auth_profile(context, arguments.get("authProfileId"))
    profile_id = profile["authProfileId"]
    if any(each.get("authProfileId") == profile_id for each in context.store.subscriptions.values()):
        raise api_error(CONFLICT, "an event subscription has this authorization profile")
    del context.store.auth_profiles[profile_id]
    return {"authProfileId": profile_id}


def find_auth_profile(context: Context, profile_id: Any) -> Resource:
    """The caller's profile with this id. Raises the documented error for any other."""
    profile = context.store.auth_profiles.get(str(profile_id))
    if profile is None or profile["client"] not in (None, context.caller.client):
        raise no_access()
    return profile


def read_auth_config(given: Any, pointer: str) -> Resource:
    """Credentials of one of the two kinds: `{username, password}`, or those of OAuth 2.0 with their endpoint."""
    basic, oauth = (given or {}).get("basicAuthConfig"), (given or {}).get("oAuthConfig") or {}
    if bool(basic) == bool(oauth):
        raise _invalid(f"{pointer} must have one of oAuthConfig, basicAuthConfig")
    if basic:
        _check_given(basic, ("username", "password"), f"{pointer}/basicAuthConfig")
        return {"username": basic["username"], "password": basic["password"]}
    client = oauth.get("clientParameters") or {}
    _check_given(client, ("clientId", "clientSecret"), f"{pointer}/oAuthConfig/clientParameters")
    parameters = oauth.get("httpParameters") or {}
    body, headers = items(parameters.get("bodyParameters")), items(parameters.get("headerParameters"))
    for each in (*body, *headers):
        _check_given(each, ("key", "value"), f"{pointer}/oAuthConfig/httpParameters")
    return {
        "authEndpoint": https_or_loopback(oauth.get("authEndpoint"), f"{pointer}/oAuthConfig/authEndpoint"),
        "clientId": client["clientId"],
        "clientSecret": client["clientSecret"],
        "body": {each["key"]: each["value"] for each in body},
        "headers": {each["key"]: each["value"] for each in headers},
    }


def https_or_loopback(url: Any, pointer: str) -> str:
    """An HTTPS address, as documented; the sandbox takes HTTP on loopback too."""
    try:
        parts = urlsplit(url or "")
        is_good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        is_good = is_good and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_good = False
    if not is_good:
        raise _invalid(f"{pointer} must be an HTTPS address, or an HTTP address on loopback")
    return str(url)


def _check_given(holder: Resource, names: tuple[str, ...], pointer: str) -> None:
    missing = [f"{pointer}/{name} must be given" for name in names if not holder.get(name)]
    if missing:
        raise invalid_input(missing, VALIDATION)


def _invalid(issue: str) -> Exception:
    return invalid_input([issue], VALIDATION)
