"""The engine that trains runs on a Ray cluster: its workers, and a warm spare."""

import asyncio
import contextlib
import io
import itertools

from app.log import log
from app.runs.engines.engine import LOCAL_NODE, End, OnMessage, OnWait, Wait, Worker
from app.runs.engines.on_ray.cluster import ActorEndedError, Cluster, ClusterGoneError
from app.runs.messages import Command, Here, Message, read
from app.settings import Settings

AGAIN_SECONDS = 5.0  # until another actor is started where one could not be
LOOK_SECONDS = 0.5  # between two looks at why a run has no actor yet
AWAY = "the cluster went away"


class RayWorker(Worker):
    """A worker that is an actor on a node of the cluster."""

    def __init__(self, cluster: Cluster, actor: int, pid: int, node: str) -> None:
        super().__init__()
        self.pid = pid
        self.node = node
        self._cluster = cluster
        self._actor = actor
        self._unsent: asyncio.Queue[bytes] = asyncio.Queue()
        self._killed = asyncio.get_running_loop().create_future()
        self._has_ended = False

    @property
    def has_ended(self) -> bool:
        """Whether it is known to be gone."""
        return self._has_ended

    async def is_there(self) -> bool:
        """Return whether it still waits for its run."""
        try:
            await self._cluster.call("stay", self._actor)
        except (ActorEndedError, ClusterGoneError):
            return False
        return True

    def send(self, command: Command, payload: bytes = b"", number: int | None = None) -> None:
        """Send a command; it is lost if the worker is gone, which ``listen`` notices."""
        self._unsent.put_nowait(Message(command, payload, number).encode())

    async def listen(self, on_message: OnMessage) -> End:
        """Pass on the worker's reports until it ends; return how it did."""
        sending = asyncio.create_task(self._send_all())
        taking = asyncio.create_task(self._take_all(on_message))
        try:
            # One that hangs takes no call, not even the one that ends it.
            await asyncio.wait({taking, self._killed}, return_when=asyncio.FIRST_COMPLETED)
            if not taking.done():
                return End("its process was ended")
            taking.result()
        except ActorEndedError as error:
            return End(str(error), is_its_own=error.is_its_own)
        except ClusterGoneError:
            return End(AWAY, is_its_own=False, is_away=True)
        finally:
            self._has_ended = True
            sending.cancel()
            taking.cancel()
            await asyncio.gather(sending, taking, return_exceptions=True)
            self._cluster.tell("kill", self._actor)
        return End("its process ended")

    async def end(self) -> None:
        """End the worker."""
        await self.kill()

    async def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        self._cluster.tell("kill", self._actor)
        if not self._killed.done():
            self._killed.set_result(None)

    async def _send_all(self) -> None:
        """Put what is sent, in its order, as much at once as there is."""
        with contextlib.suppress(ActorEndedError, ClusterGoneError):
            for number in itertools.count():
                commands = [await self._unsent.get()]
                while not self._unsent.empty():
                    commands.append(self._unsent.get_nowait())
                await self._cluster.call("put", self._actor, number, payload=b"".join(commands))

    async def _take_all(self, on_message: OnMessage) -> None:
        """Take what the actor has to tell, each time from where the last message ended."""
        after, is_all = 0, False
        while not is_all:
            told = await self._cluster.call("take", self._actor, after)
            after, is_all = told.values
            file = io.BytesIO(told.payload)
            while (message := read(file)) is not None:
                if isinstance(message.body, Here):
                    self.answer(message)
                else:
                    await on_message(message)


class RayEngine:
    """Hands out actors, and keeps a spare one warm if the cluster has room for it."""

    def __init__(self, settings: Settings) -> None:
        self._cluster = Cluster(settings)
        self._actors = itertools.count(1)
        self._spare: asyncio.Task[RayWorker] | None = None
        self._waiting: list[object] = []
        self._failure = ""  # of the last attempt to start an actor

    def open(self) -> None:
        """Start or find the cluster, in the background."""
        self._cluster.open()
        self._spare = asyncio.create_task(self._start())

    async def take(self, on_wait: OnWait) -> RayWorker:
        """Return a worker that waits for its run; tell why there is none, as long as that is so."""
        me = object()
        self._waiting.append(me)
        starting = self._spare or asyncio.create_task(self._start())
        self._spare = asyncio.create_task(self._start())
        try:
            while True:
                while not starting.done():
                    done, _ = await asyncio.wait(
                        {starting, self._spare},
                        timeout=LOOK_SECONDS,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    if done and starting not in done:
                        # Where there was room for one, the cluster may have begun with the other.
                        starting, self._spare = self._spare, starting
                    elif not done and (why := await self._why_it_waits(self._place(me))):
                        on_wait(why)
                worker = starting.result()
                if await worker.is_there():
                    return worker
                starting = asyncio.create_task(self._start())
        except asyncio.CancelledError:  # its run was deleted, or stopped
            if not starting.cancel():
                await starting.result().kill()
            raise
        finally:
            self._waiting.remove(me)

    async def close(self) -> None:
        """End the spare and the driver, and with it the cluster if it was started here."""
        if self._spare:
            self._spare.cancel()
            await asyncio.gather(self._spare, return_exceptions=True)
        await self._cluster.close()

    async def _start(self) -> RayWorker:
        """Return an actor, once the cluster is there and has room for it."""
        while True:
            await self._cluster.is_up.wait()
            actor = next(self._actors)
            try:
                pid, node = (await self._cluster.call("create", actor)).values
                self._failure = ""
                name = LOCAL_NODE if self._cluster.is_local else node
                return RayWorker(self._cluster, actor, pid, name)
            except ActorEndedError as error:
                log.warning("ray", trouble=f"an actor could not be started: {error}")
                if error.is_its_own:  # not the end of the node where it would have been
                    self._failure = f"the cluster can't start a process for it: {error}"
                await asyncio.sleep(AGAIN_SECONDS if error.is_its_own else LOOK_SECONDS)
            except ClusterGoneError:
                await asyncio.sleep(LOOK_SECONDS)
            except asyncio.CancelledError:
                self._cluster.tell("kill", actor)
                raise

    def _place(self, waiting: object) -> int:
        return self._waiting.index(waiting) + 1

    async def _why_it_waits(self, place: int) -> Wait | None:
        """Return why there is no actor yet; None: one is just being started."""
        cluster = self._cluster
        try:
            free, places = (await cluster.call("room")).values
        except (ActorEndedError, ClusterGoneError):
            return Wait(None if cluster.is_starting else place, cluster.trouble, is_away=True)
        if self._failure:
            return Wait(place, self._failure)
        if free:
            return None
        if not places:
            return Wait(place, "the cluster has no machine that trains, so far")
        return Wait(place, f"the cluster has no room: all {places} of its processors are taken")
