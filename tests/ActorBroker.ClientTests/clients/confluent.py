"""A Kafka client program on confluent-kafka (librdkafka)."""
import sys
import threading

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from arguments import decoded, encoded, parse, records, say


def produce(args):
    failures = []

    def delivered(error, message):
        if error is not None:
            failures.append(str(error))
        else:
            say(partition=message.partition(), offset=message.offset())

    producer = Producer({
        "bootstrap.servers": args.bootstrap,
        "compression.type": args.codec,
        "enable.idempotence": args.idempotent,
        "acks": "all",
        "linger.ms": 5,
    })
    for record in records():
        partition = record.get("partition")
        producer.produce(
            args.topic, value=encoded(record["value"]), key=encoded(record.get("key")),
            partition=-1 if partition is None else partition,
            headers=[(name, encoded(value)) for name, value in (record.get("headers") or {}).items()],
            on_delivery=delivered)
        producer.poll(0)
    left = producer.flush(150)
    if left > 0:
        sys.exit("%d records have no answer" % left)
    if failures:
        sys.exit("not delivered: " + failures[0])


def show(message, **more):
    say(topic=message.topic(), partition=message.partition(), offset=message.offset(),
        key=decoded(message.key()), value=decoded(message.value()), timestamp=message.timestamp()[1],
        headers={name: decoded(value) for name, value in (message.headers() or [])}, **more)


def consumer(args, **settings):
    return Consumer({
        "bootstrap.servers": args.bootstrap,
        "group.id": args.group or "confluent-" + args.topic,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "session.timeout.ms": 45000,
        "heartbeat.interval.ms": 500,
        **settings,
    })


def consume(args):
    source = consumer(args)
    source.subscribe([args.topic])
    left = args.count
    while left > 0:
        message = source.poll(120)
        if message is None:
            sys.exit("no record for 120 s")
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                continue
            raise KafkaException(message.error())
        show(message)
        left -= 1
    source.commit(asynchronous=False)
    source.close()


def member(args):
    source = consumer(args)
    source.subscribe(
        [args.topic],
        on_assign=lambda _, partitions: say(event="assigned", partitions=sorted(p.partition for p in partitions)))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.is_set():
        message = source.poll(0.2)
        if message is None:
            continue
        if message.error():
            if message.error().retriable() or message.error().code() == KafkaError._ALL_BROKERS_DOWN:
                continue
            raise KafkaException(message.error())
        show(message, event="record")
        source.commit(message, asynchronous=False)
    source.close()
    say(event="left")


def create(args):
    admin = AdminClient({"bootstrap.servers": args.bootstrap})
    for future in admin.create_topics([NewTopic(args.topic, args.partitions, 1)]).values():
        future.result(120)
    say(created=args.topic)


if __name__ == "__main__":
    arguments = parse()
    {"produce": produce, "consume": consume, "member": member, "create": create}[arguments.verb](arguments)
