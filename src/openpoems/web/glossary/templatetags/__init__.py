"""Tags of the glossary."""
