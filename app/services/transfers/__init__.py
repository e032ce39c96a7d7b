"""Roles that pass from ended bodies to their successors: proposed by events, confirmed by the sides, carried out."""
