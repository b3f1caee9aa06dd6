import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_blocked_contacts_have_an_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutgoingQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trouble', models.CharField(blank=True, choices=[('unreachable', 'The mail server cannot be reached.'), ('login', 'The mail server does not accept our name and password.'), ('tls', 'The connection to the mail server cannot be made secure.'), ('closed', 'The mail server takes no mail at the moment.')], db_default='', default='', max_length=12, verbose_name='trouble')),
                ('said', models.TextField(blank=True, db_default='', default='', verbose_name="the server's answer")),
                ('failing_since', models.DateTimeField(blank=True, null=True, verbose_name='failing since')),
                ('failures', models.PositiveIntegerField(db_default=0, default=0, verbose_name='failures')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='next try')),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='held since')),
                ('held_because', models.CharField(blank=True, choices=[('restored', 'The database was restored from a backup.'), ('person', 'Somebody decided it.')], db_default='', default='', max_length=12, verbose_name='held because')),
                ('database', models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='database')),
            ],
            options={
                'verbose_name': 'queue of outgoing mail',
                'verbose_name_plural': 'queue of outgoing mail',
            },
        ),
        migrations.AlterField(
            model_name='outgoingmessage',
            name='state',
            field=models.CharField(choices=[('queued', 'Waiting to be sent'), ('sending', 'Being sent'), ('retry', 'Will be tried again'), ('sent', 'Sent'), ('uncertain', 'Sent or lost: the connection broke while handing it over'), ('failed', 'Could not be sent'), ('cancelled', 'Recalled'), ('suppressed', 'Not sent'), ('held', 'Held back')], default='queued', max_length=12, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='outgoingqueue',
            name='held_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='held by'),
        ),
    ]
