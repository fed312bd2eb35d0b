"""Who may be written to, when, why and how often: the ledger's fold, policies, the gate, bands and cadence."""
