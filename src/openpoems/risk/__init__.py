"""Prognosis: the factors of published models in one record, and the settings in which treatment was published."""
