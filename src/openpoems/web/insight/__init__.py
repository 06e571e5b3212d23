"""What a record answers: assessments computed once per change of the record, their pages, the letter and its link."""
