"""The site as one frozen index: cards, taxonomies, addresses, and the queries that templates ask of them."""
