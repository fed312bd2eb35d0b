"""Remembers: tables, repositories, migrations, imports and calendars. All SQL and all files of the house are here."""
