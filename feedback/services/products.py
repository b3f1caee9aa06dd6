from django.db import transaction

from config.kernel.archiving import bring_back, remove
from feedback.models import Product
from feedback.services.setting_names import ensure_code_stays


@transaction.atomic
def save_product(product: Product) -> Product:
    """Raises CodeInUse when settings name the code that it had."""
    if product.pk:
        ensure_code_stays(Product.objects.filter(pk=product.pk).first(), product.code)
    product.save()
    return product


@transaction.atomic
def remove_product(product: Product) -> bool:
    """True when deleted, False when archived because records are about it."""
    return remove(product)


@transaction.atomic
def bring_back_product(product: Product) -> None:
    bring_back(product)
