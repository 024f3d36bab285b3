"""Who may do what: no accounts, but cookies, tokens, and what a browser says of itself."""
