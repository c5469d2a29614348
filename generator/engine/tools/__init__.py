"""Tools that inspect a site or its builds and take no part in a build."""
