#!/usr/bin/env python3
"""A TCP proxy on loopback that makes a network of it: each direction takes half of the round trip, and a connection
takes a whole one before it carries anything.

usage: delay_proxy.py TARGET_PORT ROUND_TRIP_MS

Prints `port N` when it listens. Counts requests (of HTTP/1.1 without TLS) and bytes; a line on standard input prints
`requests bytes` and begins again at zero.
"""
import asyncio
import re
import sys

REQUEST = re.compile(rb"(?:GET|HEAD|PUT|POST|PATCH|DELETE) \S+ HTTP/1\.1\r\n")
counts = {"requests": 0, "bytes": 0}


async def until(due):
    loop = asyncio.get_running_loop()
    reached = loop.create_future()
    loop.call_at(due, reached.set_result, None)
    await reached


async def carry(reader, writer, delay, is_request):
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue()

    async def deliver():
        while True:
            due, data = await queue.get()
            await until(due)
            if not data:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()

    task = asyncio.create_task(deliver())
    try:
        while True:
            data = await reader.read(65536)
            counts["bytes"] += len(data)
            if is_request:
                counts["requests"] += len(REQUEST.findall(data))
            queue.put_nowait((loop.time() + delay, data))
            if not data:
                break
        await task
    except (ConnectionError, OSError):
        task.cancel()


async def main():
    target, delay = int(sys.argv[1]), float(sys.argv[2]) / 2000

    async def connection(reader, writer):
        await until(asyncio.get_running_loop().time() + 2 * delay)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(carry(reader, far_writer, delay, True), carry(far_reader, writer, delay, False))
        far_writer.close()
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while await questions.readline():
        print(counts["requests"], counts["bytes"], flush=True)
        counts.update(requests=0, bytes=0)


asyncio.run(main())
