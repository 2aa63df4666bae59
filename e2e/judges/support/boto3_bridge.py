"""Calls boto3 on behalf of tests in TypeScript: reads one call per line of JSON, writes one result per line."""

import base64
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.exceptions import ClientError

CLIENTS = {}
LOCK = threading.Lock()


def client(service):
    with LOCK:
        if service not in CLIENTS:
            CLIENTS[service] = boto3.client(service)
        return CLIENTS[service]


def decode(value):
    """Bytes travel as {"$bytes": base64}."""
    return base64.b64decode(value["$bytes"]) if set(value) == {"$bytes"} else value


def encode(value):
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    return str(value)


def reply(message):
    line = json.dumps(message, default=encode)
    with LOCK:
        print(line, flush=True)


def call(line):
    request = json.loads(line, object_hook=decode)
    try:
        result = getattr(client(request["service"]), request["operation"])(**request["parameters"])
        reply({"id": request["id"], "result": result})
    except ClientError as error:
        reply({"id": request["id"], "error": error.response["Error"].get("Code", ""), "message": str(error)})
    # Also what is no answer of AWS at all, such as a page of HTML: the test must hear of it.
    except Exception as error:
        reply({"id": request["id"], "error": type(error).__name__, "message": str(error)})


with ThreadPoolExecutor(16) as pool:
    for line in sys.stdin:
        pool.submit(call, line)
