"""Clients of the chaos test, on confluent-kafka: they tell all that they did and saw, with times of the machine's monotonic clock."""
import argparse
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from arguments import decoded, say

REQUEST_SECONDS = 10


def until_stdin_closes():
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    return ended


def produce(args):
    """Sends numbered records to all partitions in turn, each key in order, until stdin closes; then waits for all answers."""
    ended, fatal = until_stdin_closes(), []

    def on_error(error):
        say(event="error", value=str(error))
        if error.fatal():
            fatal.append(error)
            ended.set()

    # Shorter than a pause: what is in flight to a broker that stands still times out while it does, and goes to the next leader.
    producer = Producer({
        "bootstrap.servers": args.bootstrap, "enable.idempotence": True, "acks": "all", "linger.ms": 5,
        "message.timeout.ms": 180000, "socket.timeout.ms": 10000, "topic.metadata.refresh.interval.ms": 10000,
        "reconnect.backoff.max.ms": 500, "retry.backoff.ms": 50, "error_cb": on_error,
    })

    def delivered(sent_at):
        def report(error, message):
            common = {"value": decoded(message.value()), "partition": message.partition(), "sentAt": sent_at, "at": time.monotonic_ns()}
            if error is not None:
                say(event="refused", error=str(error), **common)
            else:
                say(event="acked", offset=-1 if message.offset() is None else message.offset(), **common)
        return report

    number = 0
    while not ended.wait(1 / args.rate):
        partition = number % args.partitions
        key, value = f"{args.name}-{number % (2 * args.partitions)}", f"{args.name}:{number}"
        now = time.monotonic_ns()
        say(event="sent", key=key, value=value, at=now)
        try:
            producer.poll(0)
            producer.produce(args.topic, key=key, value=value, partition=partition, on_delivery=delivered(now))
        except BufferError:
            # Not sent: the number is never seen again, which is allowed for what was not acknowledged.
            producer.poll(0.1)
        except KafkaException as e:
            # The producer has given up for good; what it knows already counts all the same.
            fatal.append(e)
            break
        number += 1
    left = producer.flush(180)
    say(event="end", left=left)
    if fatal:
        sys.exit(f"fatal: {fatal[0]}")


def member(args):
    """A member of a group: commits often, and asks for the group's offsets whenever it gets partitions."""
    ended = until_stdin_closes()
    source = Consumer({
        "bootstrap.servers": args.bootstrap, "group.id": args.group, "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "session.timeout.ms": 6000, "heartbeat.interval.ms": 500,
        "socket.timeout.ms": 10000, "reconnect.backoff.max.ms": 500,
    })

    def tell(kind, started, partitions):
        for p in partitions:
            if p.error is None and p.offset >= 0:
                say(event=kind, partition=p.partition, offset=p.offset, started=started, at=time.monotonic_ns())

    positions = {}

    def assigned(_, partitions):
        # Where another member may have gone on meanwhile, what this one had read is no longer its to commit.
        positions.clear()
        started = time.monotonic_ns()
        try:
            tell("fetched", started, source.committed(partitions, timeout=REQUEST_SECONDS))
        except KafkaException as e:
            say(event="error", value=f"committed: {e}")

    source.subscribe([args.topic], on_assign=assigned)
    committed_at = time.monotonic()
    while not ended.is_set():
        message = source.poll(0.1)
        if message is not None and message.error():
            say(event="error", value=str(message.error()))
        elif message is not None:
            say(event="record", partition=message.partition(), offset=message.offset(), value=decoded(message.value()),
                at=time.monotonic_ns())
            positions[message.partition()] = message.offset() + 1
        if positions and time.monotonic() - committed_at > 0.3:
            owned = {p.partition for p in source.assignment()}
            offsets = [TopicPartition(args.topic, p, o) for p, o in positions.items() if p in owned]
            positions.clear()
            committed_at, started = time.monotonic(), time.monotonic_ns()
            try:
                if offsets:
                    tell("committed", started, source.commit(offsets=offsets, asynchronous=False))
            except KafkaException as e:
                say(event="error", value=f"commit: {e}")
    source.close()
    say(event="end", left=0)


def create(args):
    admin = AdminClient({"bootstrap.servers": args.bootstrap})
    topic = NewTopic(args.topic, args.partitions, 3, config={"min.insync.replicas": "2"})
    for future in admin.create_topics([topic], operation_timeout=30).values():
        future.result(120)
    say(created=args.topic)


if __name__ == "__main__":
    verbs = {"produce": produce, "member": member, "create": create}
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=verbs)
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic")
    parser.add_argument("--name")
    parser.add_argument("--group")
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--partitions", type=int, default=1)
    arguments = parser.parse_args()
    verbs[arguments.verb](arguments)
