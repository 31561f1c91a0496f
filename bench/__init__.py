"""How fast the product is against the limit and against the plain ways, in the same run: ratios, not seconds."""
