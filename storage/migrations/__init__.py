"""The steps by which a database reaches the schema of `storage/models`; run by code, shipped with it."""
