"""What several rules share: lines, spells of work, working days, volumes, rising prices, exceptions."""
