"""The pages of the answers: for readers, for search engines and feeds, for editors and reviewers."""
