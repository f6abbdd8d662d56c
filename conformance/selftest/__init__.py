"""The proof that every check catches what it claims to catch: defects and mutants, and what was found of them."""
