import threading

from app.runs.engines.on_ray.outbox import MOST_TAKEN, KeptOutbox, Taken
from app.runs.messages import (
    LENGTHS,
    Done,
    EpochCheckpoint,
    FrameMade,
    Message,
    TrainingSaved,
    decode,
)


def told(taken: Taken) -> list[Message]:
    """Return the messages that were taken."""
    messages, data = [], taken.data
    while data:
        content, payload = LENGTHS.unpack_from(data)
        end = LENGTHS.size + content
        messages.append(decode(data[LENGTHS.size : end], data[end : end + payload]))
        data = data[end + payload :]
    return messages


def test_what_was_taken_and_lost_is_taken_again() -> None:
    outbox = KeptOutbox()
    outbox.send(Message(Done(1)))
    outbox.send(Message(Done(2)))
    first = outbox.take(0)
    assert outbox.take(0) == first
    assert [message.body for message in told(first)] == [Done(1), Done(2)]
    outbox.send(Message(Done(3)))
    assert [message.body for message in told(outbox.take(first.last))] == [Done(3)]


def test_the_newest_frame_replaces_the_one_that_waits_and_keeps_its_order() -> None:
    outbox = KeptOutbox()
    for step in range(100):
        outbox.send(Message(FrameMade(0, step), b"frame" * step))
        outbox.send(Message(TrainingSaved(), bytes([step])))
    outbox.send(Message(EpochCheckpoint(0), b"kept"))
    outbox.send(Message(FrameMade(0, 100), b"last"))
    outbox.send(Message(EpochCheckpoint(1), b"kept, too"))
    saved, *rest = told(outbox.take(0))
    assert saved == Message(TrainingSaved(), bytes([99]))
    assert [message.payload for message in rest] == [b"kept", b"last", b"kept, too"]


def test_a_call_takes_a_bounded_share_and_the_last_says_so() -> None:
    outbox = KeptOutbox()
    for epoch in range(3):
        outbox.send(Message(EpochCheckpoint(epoch), bytes(MOST_TAKEN)))
    outbox.end()
    after = 0
    for epoch in range(3):
        after, _, is_all = taken = outbox.take(after)
        assert [message.body for message in told(taken)] == [EpochCheckpoint(epoch)]
        assert is_all == (epoch == 2)
    assert outbox.take(after) == Taken(after, b"", is_all=True)


def test_a_server_that_takes_nothing_holds_up_what_may_not_be_lost_but_no_frame() -> None:
    outbox = KeptOutbox()
    sent: list[int] = []

    def train() -> None:
        for epoch in range(12):
            outbox.send(Message(EpochCheckpoint(epoch), bytes(MOST_TAKEN)))
            sent.append(epoch)

    training = threading.Thread(target=train)
    training.start()
    outbox.send(Message(FrameMade(0, 0), b"frame"))
    after, seen = 0, 0
    while seen < 12:
        assert len(sent) <= seen + 9
        taken = outbox.take(after)
        after = taken.last
        seen += sum(isinstance(message.body, EpochCheckpoint) for message in told(taken))
    training.join(60)
    assert sent == list(range(12))
