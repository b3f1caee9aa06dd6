from django.db import migrations, models

from config.kernel.migrating import AddUniqueWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0033_nobody_made_the_house")]

    operations = [
        AddUniqueWhileServing(
            model_name="customer",
            constraint=models.UniqueConstraint(
                fields=["is_demo"],
                condition=models.Q(is_house=True),
                name="one_house_of_each_kind",
            ),
        ),
    ]
