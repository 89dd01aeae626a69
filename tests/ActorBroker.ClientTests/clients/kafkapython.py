"""A Kafka client program on kafka-python."""
import sys
import threading

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from arguments import decoded, encoded, parse, records, say

# By default it gives up when a broker has not told its versions within 2 s.
PATIENT = {"api_version_auto_timeout_ms": 60000}


def produce(args):
    if args.idempotent:
        sys.exit("kafka-python 2.0 has no idempotent producer")
    producer = KafkaProducer(
        bootstrap_servers=args.bootstrap, acks="all", linger_ms=5, max_block_ms=120000, **PATIENT,
        compression_type=None if args.codec == "none" else args.codec)
    sent = [
        producer.send(
            args.topic, value=encoded(record["value"]), key=encoded(record.get("key")), partition=record.get("partition"),
            headers=[(name, encoded(value)) for name, value in (record.get("headers") or {}).items()])
        for record in records()
    ]
    producer.flush(120)
    for future in sent:
        metadata = future.get(120)
        say(partition=metadata.partition, offset=metadata.offset)
    producer.close()


def show(message, **more):
    say(topic=message.topic, partition=message.partition, offset=message.offset,
        key=decoded(message.key), value=decoded(message.value), timestamp=message.timestamp,
        headers={name: decoded(value) for name, value in message.headers}, **more)


def consumer(args, *topics, **settings):
    return KafkaConsumer(
        *topics, bootstrap_servers=args.bootstrap, group_id=args.group or "kafka-python-" + args.topic,
        auto_offset_reset="earliest", enable_auto_commit=False, session_timeout_ms=45000, heartbeat_interval_ms=500,
        **PATIENT, **settings)


def consume(args):
    source = consumer(args, args.topic, consumer_timeout_ms=120000)
    left = args.count
    for message in source:
        show(message)
        left -= 1
        if left == 0:
            break
    if left > 0:
        sys.exit("no record for 120 s")
    source.commit()
    source.close()


class Assignments(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        pass

    def on_partitions_assigned(self, assigned):
        say(event="assigned", partitions=sorted(p.partition for p in assigned))


def member(args):
    source = consumer(args)
    source.subscribe([args.topic], listener=Assignments())
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.is_set():
        for messages in source.poll(200).values():
            for message in messages:
                show(message, event="record")
            source.commit()
    source.close(autocommit=False)
    say(event="left")


def create(args):
    admin = KafkaAdminClient(bootstrap_servers=args.bootstrap, request_timeout_ms=120000, **PATIENT)
    admin.create_topics([NewTopic(args.topic, args.partitions, 1)], timeout_ms=100000)
    admin.close()
    say(created=args.topic)


if __name__ == "__main__":
    arguments = parse()
    {"produce": produce, "consume": consume, "member": member, "create": create}[arguments.verb](arguments)
