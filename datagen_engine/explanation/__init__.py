"""Why a value is what it is: its stages, one after the other, each with the rows of other tables behind it."""
