# SPDX-License-Identifier: Apache-2.0
"""Plays the part of GitHub's and GitLab's API that has the comments of a request and the files of a release, with FILE as its
memory: its `comments`, all that was `asked` as "METHOD PATH", and `release`, a folder. Who has no token, or asks of another
request, is refused.

Usage: request_api.py PORT FILE     prints a line when it accepts
"""
import http.server
import json
import pathlib
import re
import sys
import urllib.parse

TOKEN = "of-the-test"
LISTS = (r"/repos/some/thing/issues/7/comments", r"/projects/5/merge_requests/7/notes")
ONE = {"PATCH": r"/repos/some/thing/issues/comments/(\d+)", "PUT": r"/projects/5/merge_requests/7/notes/(\d+)"}


class Api(http.server.BaseHTTPRequestHandler):
    file = None

    def answer(self, status, value):
        text = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def handle_request(self):
        url = urllib.parse.urlsplit(self.path)
        memory = json.loads(self.file.read_text(encoding="utf-8"))
        memory["asked"].append(f"{self.command} {url.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, value = self.released(memory, url) or self.done(memory["comments"], url, body)
        self.file.write_text(json.dumps(memory), encoding="utf-8")
        self.answer(status, value)

    do_GET = do_POST = do_PATCH = do_PUT = handle_request

    def released(self, memory, url):
        folder = pathlib.Path(memory.get("release", "/nonexistent"))
        if url.path == "/repos/some/thing/releases/tags/v1":
            here = f"http://{self.headers['Host']}"
            names = sorted(file.name for file in folder.iterdir())
            return 200, {"assets": [{"name": name, "url": f"{here}/assets/{name}"} for name in names]}
        if url.path.startswith("/assets/") and self.headers.get("Accept") == "application/octet-stream":
            return 200, (folder / url.path.removeprefix("/assets/")).read_bytes()
        return None

    def done(self, comments, url, body):
        if TOKEN not in (self.headers.get("PRIVATE-TOKEN"), (self.headers.get("Authorization") or "").removeprefix("Bearer ")):
            return 401, {}
        if self.command in ("GET", "POST"):
            if url.path not in LISTS:
                return 404, {}
            if self.command == "GET":
                asked = urllib.parse.parse_qs(url.query)
                size, page = int(asked["per_page"][0]), int(asked["page"][0])
                return 200, comments[size * (page - 1):size * page]
            comments.append({"id": 1000 + len(comments), "body": json.loads(body)["body"]})
            return 201, comments[-1]
        changed = re.fullmatch(ONE[self.command], url.path)
        found = [each for each in comments if changed and each["id"] == int(changed[1])]
        if not found:
            return 404, {}
        found[0]["body"] = json.loads(body)["body"]
        return 200, found[0]

    def log_message(self, *_):
        pass


def main():
    Api.file = pathlib.Path(sys.argv[2])
    server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Api)
    print("accepts", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
