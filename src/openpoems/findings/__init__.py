"""What a record says of each concept the disease's rules know: present, excluded or unknown, with the evidence."""
