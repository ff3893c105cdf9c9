"""The database: tables, stores, unit of work and migrations, on SQLite and PostgreSQL."""
