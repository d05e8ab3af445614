"""All changes, one file per area: verbs that take the actor, check what the domain allows, flush and never commit."""
