"""Who may do what: decided by cookies, tokens and headers, without accounts."""
