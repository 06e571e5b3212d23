"""What the centre's pages do: read the request, call an action or a query, hand the result to a template."""
