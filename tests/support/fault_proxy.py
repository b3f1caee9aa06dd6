"""A TCP proxy on loopback that fails as networks do, in the test process.

proxy.passes()        as if it were not there (the beginning)
proxy.refuses()       nobody listens on the port
proxy.resets()        connections are reset as soon as they are made
proxy.swallows()      connections are made and stay silent, those that are there too
proxy.cut_down = n    the next connection is reset after n bytes from the server; once
proxy.cut_up = n      the next connection is reset after n bytes from the client; once
proxy.freeze_down = n the next connection falls silent after n bytes from the server; once
proxy.latency = s     every piece waits so many seconds
"""

import asyncio
import socket
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.processes import PATIENCE

NEVER = asyncio.Event  # waited for by whoever has fallen silent; never set
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset


class _Cut(Exception):
    """This connection has had its bytes."""


@dataclass
class FaultProxy:
    behind: int
    port: int = 0
    latency: float = 0.0
    cut_down: int | None = None
    cut_up: int | None = None
    freeze_down: int | None = None
    _mode: str = "pass"
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _listening: asyncio.Server | None = None
    _open: set[asyncio.Task] = field(default_factory=set)

    def passes(self) -> None:
        self._do(self._set("pass"))

    def refuses(self) -> None:
        self._do(self._set("refuse"))

    def resets(self) -> None:
        self._do(self._set("reset"))

    def swallows(self) -> None:
        self._do(self._set("swallow"))

    def _do(self, coroutine) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    async def _set(self, mode: str) -> None:
        self._mode = mode
        if mode == "refuse" and self._listening is not None:
            self._listening.close()
            self._listening = None
            await self._hang_up()
        elif mode != "refuse" and self._listening is None:
            self._listening = await asyncio.start_server(
                self._relay, "127.0.0.1", self.port, reuse_address=True
            )
            self.port = self._listening.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end(self) -> None:
        if self._listening is not None:
            self._listening.close()
        await self._hang_up()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._open.add(task)
        down, self.cut_down = self.cut_down, None
        up, self.cut_up = self.cut_up, None
        freeze, self.freeze_down = self.freeze_down, None
        server = None
        try:
            if self._mode == "swallow":
                await NEVER().wait()
            if self._mode == "reset":
                return
            server_reader, server = await asyncio.open_connection("127.0.0.1", self.behind)
            ways = [
                asyncio.ensure_future(self._pass_on(server_reader, writer, down, freeze)),
                asyncio.ensure_future(self._pass_on(reader, server, up, None)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            _reset(writer)
            if server is not None:
                _reset(server)

    async def _pass_on(self, reader, writer, cut: int | None, freeze: int | None):
        seen = 0
        while piece := await reader.read(65536):
            if self.latency:
                await asyncio.sleep(self.latency)
            if self._mode == "swallow":
                await NEVER().wait()
            end = cut if cut is not None else freeze
            last = end is not None and seen + len(piece) >= end
            piece = piece[: end - seen] if last else piece
            seen += len(piece)
            writer.write(piece)
            await writer.drain()
            if last and freeze is not None:
                await NEVER().wait()
            if last:
                # What was let through arrives before the reset does.
                await asyncio.sleep(0.002)
                raise _Cut
        # The server's last words must not be overtaken by a reset.
        writer.write_eof()
        await asyncio.sleep(0.05)


def _reset(writer: asyncio.StreamWriter) -> None:
    plug = writer.get_extra_info("socket")
    if plug is not None and plug.fileno() >= 0:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()


@contextmanager
def fault_proxy(behind: int):
    """A proxy before the port `behind`, which passes everything until it is told otherwise."""
    proxy = FaultProxy(behind)
    thread = threading.Thread(target=proxy._loop.run_forever, daemon=True)
    thread.start()
    proxy.passes()
    try:
        yield proxy
    finally:
        proxy._do(proxy._end())
        proxy._loop.call_soon_threadsafe(proxy._loop.stop)
        thread.join(PATIENCE)
        proxy._loop.close()
