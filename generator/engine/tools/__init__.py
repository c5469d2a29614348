"""What looks at a site or its builds, and takes no part in them."""
