from django.db import transaction

from config.kernel.archiving import bring_back, remove
from feedback.models import Product


@transaction.atomic
def save_product(product: Product) -> Product:
    product.save()
    return product


@transaction.atomic
def remove_product(product: Product) -> bool:
    """True when deleted, False when archived because records are about it."""
    return remove(product)


@transaction.atomic
def bring_back_product(product: Product) -> None:
    bring_back(product)
