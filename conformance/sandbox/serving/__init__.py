"""The face to the outside: ASGI, tokens, execution of GraphQL, webhooks, the admin surface."""
