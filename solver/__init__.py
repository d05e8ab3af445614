"""The planning model of Passerelle: facts in, rosters out.  Knows neither the web nor the database."""
