"""The words of the pages, explained where they stand: plain words first, a source where something is claimed."""
