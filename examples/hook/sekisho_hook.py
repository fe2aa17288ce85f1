"""A client of the hook of Sekisho: tell an assessment, report what became of a payment, take webhooks.

Python 3.9 or later, standard library only. Environment: SEKISHO_HOOK_KEY (whsec_...), SEKISHO_HOOK_SOURCE, SEKISHO_URL.
"""
import base64, datetime, hashlib, hmac, json, os, sys, time, urllib.error, urllib.request, uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["SEKISHO_HOOK_KEY"].removeprefix("whsec_"), validate=True)
SOURCE = os.environ.get("SEKISHO_HOOK_SOURCE", "my-shop")
URL = os.environ.get("SEKISHO_URL", "http://localhost:9440")
TOLERANCE = 300  # seconds that clocks may differ
LONGEST = 65_536  # of a webhook, in bytes


def signature(message_id: str, timestamp: str, body: bytes) -> str:
    """Standard Webhooks: HMAC-SHA256 of id.timestamp.body, in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()


def post(path: str, message: dict) -> tuple:
    """Sends it signed. Returns the HTTP status and the answer; the message itself never raises trust when it is lost."""
    body = json.dumps({"source": SOURCE, **message}, ensure_ascii=False).encode()
    message_id, timestamp = f"msg_{uuid.uuid4()}", str(int(time.time()))
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(message_id, timestamp, body),
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(URL + path, body, headers), timeout=3) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def assess(transaction: str, verdict: str, score: float = None, reasons: list = (), **about) -> tuple:
    """Before the AReq: what the shop thinks of the payment with this threeDSServerTransID."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    told = {"verdict": verdict, "reasons": list(reasons), "issuedAt": now}
    if score is not None:
        told["score"] = score
    return post("/hook/assessments", {**told, "about": {"threeDSServerTransID": transaction, **about}})


def feedback(report_id: str, kind: str, transaction: str, **more) -> tuple:
    """After it: fraud, chargeback (because=...), confirmedGood, review (verdict=...). The same id again changes nothing."""
    return post("/hook/feedback", {"id": report_id, "kind": kind, "about": {"threeDSServerTransID": transaction}, **more})


def is_genuine(headers, body: bytes) -> bool:
    """Whether a webhook is signed with our key, and of this time. Look at the body only afterwards, and at each webhook-id once."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False
    due = signature(message_id, timestamp, body).encode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(due, one.encode()) for one in given)


class Webhooks(BaseHTTPRequestHandler):
    timeout = 5

    def do_POST(self):
        length = self.headers.get("content-length", "")
        body = self.rfile.read(int(length)) if length.isdigit() and int(length) <= LONGEST else b""
        good = is_genuine(self.headers, body)
        self.send_response(204 if good else 401)
        self.end_headers()
        if good:
            told = json.loads(body)
            print(told["type"], told["data"].get("transStatus", ""), told["data"]["threeDSServerTransID"], flush=True)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    command, *words = sys.argv[1:] or ["help"]
    if command == "assess" and len(words) >= 2:  # transaction verdict [score [reason ...]]
        print(*assess(words[0], words[1], float(words[2]) if words[2:] else None, words[3:]))
    elif command == "feedback" and len(words) == 3:  # id kind transaction
        print(*feedback(*words))
    elif command == "listen" and len(words) <= 1:  # [port]
        server = HTTPServer(("127.0.0.1", int(words[0]) if words else 9459), Webhooks)
        print(f"Listening at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
    else:
        sys.exit("assess transaction verdict [score [reason ...]] | feedback id kind transaction | listen [port]")
