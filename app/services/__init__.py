"""What the product does, in verbs; one module per aggregate. Services flush and never commit."""
