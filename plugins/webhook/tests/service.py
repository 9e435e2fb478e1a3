"""A fleet service that keeps the contract of README.md, in memory: what the conformance suite drives, and a start for your own."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
RESOURCES = {}  # id -> resource
ANSWERS = {}  # key of a change -> what was answered: a key that was seen does nothing a second time


def provision(request):
    ids = []
    for number in range(request["count"]):
        identity = f"vm-{len(RESOURCES) + 1}"
        RESOURCES[identity] = {
            "id": identity, "key": request["key"], "managed": True, "state": "starting", "persona": request["persona"],
        }
        ids.append(identity)
    return {"ids": ids, "refused": 0}


def retire(request):
    leaving = [i for i in request["ids"] if RESOURCES.get(i, {}).get("state") in ("starting", "ready")]
    for identity in leaving:
        RESOURCES[identity]["state"] = "draining"
    return {"ids": leaving}


def configure(request):
    resource = RESOURCES.get(request["resource"])
    if resource is None or resource["state"] in ("draining", "gone"):
        return None
    resource["persona"] = request["persona"]
    resource["configuration"] = request["configuration"]
    return {}


def describe():
    shown = [dict(r) for r in RESOURCES.values() if r["state"] != "gone"]
    for resource in RESOURCES.values():  # time passes between two looks
        resource["state"] = {"starting": "ready", "draining": "gone"}.get(resource["state"], resource["state"])
    return {"resources": shown}


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        if not self.path.startswith("/fleets/conformance/"):
            return self.answer(404, {"error": f"there is no {self.path}"})
        with LOCK:
            self.answer(200, describe())

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        change = {"provision": provision, "retire": retire, "configure": configure}.get(self.path.split("/")[-1])
        if change is None:
            return self.answer(404, {"error": "no such change"})
        with LOCK:
            if request["key"] not in ANSWERS:
                answer = change(request)
                if answer is None:
                    return self.answer(404, {"error": f"there is no {request['resource']}"})
                ANSWERS[request["key"]] = answer
            self.answer(200, ANSWERS[request["key"]])

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
