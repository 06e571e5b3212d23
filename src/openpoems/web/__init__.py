"""The registry as a web application: people, consent, audit, data in once. See `docs/explanation/registry.md`."""
