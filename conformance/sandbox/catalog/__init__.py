"""The catalog: products, bundles and variants, uploads of many products, inventory."""
