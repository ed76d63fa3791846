"""Pages of second factors: what one has, an app, passkeys, recovery codes, and what is asked of everybody."""
