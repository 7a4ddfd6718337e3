// SPDX-License-Identifier: Apache-2.0
// A server of Node's http: it answers /page/N with N.
require("http").createServer((request, reply) => {
    const body = "page " + request.url.slice("/page/".length);
    reply.writeHead(200, {"Content-Length": body.length});
    reply.end(body);
}).listen(Number(process.argv[2]), "127.0.0.1");
