"""Named checks of a problem before it is solved."""
