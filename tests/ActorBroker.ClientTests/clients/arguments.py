"""The command line that the Python client programs share."""
import argparse
import json
import sys


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=["produce", "consume", "member", "create"])
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--codec", default="none")
    parser.add_argument("--idempotent", action="store_true")
    parser.add_argument("--group")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--partitions", type=int, default=1)
    return parser.parse_args()


def records():
    return (json.loads(line) for line in sys.stdin if line.strip())


def say(**fields):
    print(json.dumps(fields), flush=True)


def encoded(text):
    return None if text is None else text.encode()


def decoded(data):
    return None if data is None else data.decode()
