"""The site as one frozen index: cards, taxonomies, addresses, and the queries about them."""
