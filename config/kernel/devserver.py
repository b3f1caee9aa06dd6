"""The web server of development: uvicorn on a socket that `manage.py dev` keeps open, so that
a browser waits while the server is started anew. Called as `python -m … FILE_DESCRIPTOR`."""

import socket
import sys

import uvicorn


def main() -> None:
    listening = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "config.asgi:application",
        log_config=None,  # Django's
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,  # event streams never end by themselves
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
