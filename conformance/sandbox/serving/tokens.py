"""The token endpoint: OAuth 2.0 client credentials, tokens of 15 minutes.

The form of the request is inferred: the documentation ends before it (authenticate-to-the-buy-with-prime-api).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs

from conformance.sandbox.scopes import Caller, read_scopes
from conformance.sandbox.serving.http import Answer, Request, media_type
from conformance.sandbox.store import Store

LIFE: Final = timedelta(minutes=15)
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gives and checks access tokens. `client` None: any client id and secret are good.

    `target_id` is what `x-api-target-id` has to name. Which error a missing or foreign one gets is not documented; that
    of a caller without access is our choice. Empty: any is good, and none.
    """

    client: tuple[str, str] | None = None
    target_id: str = ""

    def answer(self, request: Request, store: Store) -> Answer:
        """The answer of POST /token, errors as RFC 6749 section 5.2 has them."""
        refused = _refuse(request)
        if refused is not None:
            return refused
        try:
            given = parse_qs(request.body.decode("utf-8"), max_num_fields=20)
        except ValueError:
            return _error(400, "invalid_request", "the form cannot be read")
        if given.get("grant_type") != ["client_credentials"]:
            return _error(400, "unsupported_grant_type", "grant_type must be client_credentials")
        pair = tuple(given.get(name, [""])[0] for name in ("client_id", "client_secret"))
        if not all(pair) or (self.client is not None and not _equal(pair, self.client)):
            return _error(401, "invalid_client", "client_id or client_secret is not good")
        scopes = read_scopes(given.get("scope", [""])[0])
        return _give(pair[0], scopes, store)

    def is_target(self, target_id: str) -> bool:
        """Is this `x-api-target-id`, empty when there is none, the business product of the credentials?"""
        return not self.target_id or target_id == self.target_id

    def caller(self, authorization: str, store: Store) -> Caller | None:
        """Who has the token of this `Authorization` header; None when it is missing, unknown or expired."""
        scheme, _, token = authorization.partition(" ")
        expires, caller = store.tokens.get(token.strip(), (store.now, None))
        return caller if scheme.lower() == "bearer" and store.now < expires else None


def _refuse(request: Request) -> Answer | None:
    if request.method != "POST":
        return _error(405, "invalid_request", "only POST", (("allow", "POST"),))
    if media_type(request.header("content-type")) != FORM:
        return _error(415, "invalid_request", f"the content type must be {FORM}")
    return None


def _give(client: str, scopes: tuple[str, ...] | None, store: Store) -> Answer:
    if scopes is None:
        return _error(400, "invalid_scope", "scope must name documented scopes, separated by spaces")
    if store.throttle is not None and not store.throttle.takes(client, store.now):
        return _error(429, "temporarily_unavailable", "too many requests, retry with exponential backoff")
    token = f"sandbox-{store.digest('token')}"
    store.tokens[token] = (store.now + LIFE, Caller(client, frozenset(scopes)))
    life_s = int(LIFE.total_seconds())
    return Answer.of(
        {"access_token": token, "token_type": "Bearer", "expires_in": life_s, "scope": " ".join(scopes)},
        headers=(("cache-control", "no-store"),),
    )


def _equal(given: tuple[str, ...], wanted: tuple[str, str]) -> bool:
    pairs = zip(given, wanted, strict=True)
    return all(hmac.compare_digest(left.encode(), right.encode()) for left, right in pairs)


def _error(status: int, code: str, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer.of({"error": code, "error_description": text}, status=status, headers=headers)
