"""The operations of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.catalog import bundles, feeds, files, inventory, products
from conformance.sandbox.context import Operation

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "catalogFeed": feeds.query_catalog_feed,
        "createCatalogFeed": feeds.create_catalog_feed,
        "createProduct": products.create_product,
        "createPurchaseGroup": bundles.create_purchase_group,
        "createUploadLink": files.create_upload_link,
        "deleteProduct": products.delete_product,
        "downloadLink": files.download_link,
        "inventoryItem": inventory.query_inventory_item,
        "mappingProduct": products.query_mapping_product,
        "product": products.query_product,
        "products": products.list_products,
        "updateProduct": products.update_product,
    }
)
