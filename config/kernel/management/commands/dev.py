import io
import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from config.kernel.development import Development, Part, PartEnded, PortTaken, answers, bound


class Command(BaseCommand):
    help = "Web server, workers and mail server for this machine; Ctrl-C ends them all."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty database with a demo company"
        )

    def handle(self, *, port: int, demo: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "This is for trying out and for development: use `make run`, or set DEBUG=1. "
                "In production run uvicorn and `manage.py worker`."
            )
        try:
            web = bound(port)
        except PortTaken as taken:
            raise CommandError(
                f"Port {taken} is taken by another program: try `make run PORT={port + 1}`."
            ) from taken
        with web:
            environment = self.environment(port)
            self.prepare(demo=demo)
            self.run(web, port, environment)

    def environment(self, port: int) -> dict[str, str]:
        environment = {"PORT": str(port), "WORKER_GRACE_SECONDS": "3", "PYTHONUNBUFFERED": "1"}
        environment["SMTP_PORT"] = str(self.mail_port())
        if not {"DATABASE_URL", "DATABASE_URL_FILE"} & set(os.environ):
            # The parts use our server; only we start and stop it.
            from config.embedded_postgres import url_of_running_server  # noqa: PLC0415

            environment["DATABASE_URL"] = url_of_running_server(settings.DATA_DIR / "postgres")
        return environment

    def mail_port(self) -> int:
        try:
            bound(settings.DEV_SMTP_PORT).close()
        except PortTaken as taken:
            if "SMTP_PORT" in os.environ:
                raise CommandError(
                    f"Port {taken} is taken by another program: name another SMTP_PORT."
                ) from taken
            with socket.create_server(("127.0.0.1", 0)) as free:
                return int(free.getsockname()[1])
        return settings.DEV_SMTP_PORT

    def prepare(self, *, demo: bool) -> None:
        call_command("messages", "--compile")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database.")
            call_command("setup", stdout=io.StringIO())
        if demo and "demo" in get_commands():
            self.stdout.write("Making sure that there is something to look at.")
            call_command("demo", "--if-empty", stdout=io.StringIO())
        connection.close()

    def run(self, web: socket.socket, port: int, environment: dict[str, str]) -> None:
        web.listen(128)
        descriptor = web.fileno()
        parts = [
            Part(
                "web server",
                ["-m", "config.kernel.devserver", str(descriptor)],
                {**environment, "HUIYIN_PROCESS": "web"},
                inherits=(descriptor,),
            ),
            Part("worker", ["manage.py", "worker"], environment),
        ]
        if "SMTP_HOST" not in os.environ:
            parts.append(Part("mail server", ["manage.py", "devmail"], environment))
        os.chdir(settings.BASE_DIR)
        development = Development(settings.BASE_DIR, parts, ready=lambda: answers(port))
        try:
            development.run(
                when_ready=lambda: self.welcome(port, environment["SMTP_PORT"]),
                say=self.stdout.write,
            )
        except PartEnded as part:
            raise CommandError(
                f"The {part} ended by itself, so everything was stopped. The lines above may "
                "say why; start again with `make run`."
            ) from part

    def welcome(self, port: int, mail_port: str) -> None:
        address = f"http://127.0.0.1:{port}"
        lines = ["", f"Huiyin is ready: {address}/", ""]
        logins = import_string(settings.DEV_LOGINS)() if settings.DEV_LOGINS else []
        lines += [f"  {one.role.label!s:<12} {one.email:<24} {one.password}" for one in logins]
        if not logins and not get_user_model().objects.exists():
            lines.append("Nobody can sign in yet. Make the first account in another terminal:")
            lines.append("  DEBUG=1 .venv/bin/python manage.py createsuperuser")
            lines.append(f"and go on at {address}/setup/")
        for label, name in settings.DEV_PAGES:
            try:
                lines.append(f"{label}: {address}{reverse(name)}")
            except NoReverseMatch:
                continue
        if "SMTP_HOST" not in os.environ:
            lines.append(f"Mail for the demo mailboxes is taken on 127.0.0.1:{mail_port} (SMTP).")
        lines += ["Ctrl-C ends everything.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
