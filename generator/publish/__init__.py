"""Publish a built site: plan what must change at a target, then change it so that no reader meets half a site."""
