"""Does it pay for itself? Costs, work gained, and three accounts kept apart."""
