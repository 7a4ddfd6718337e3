// SPDX-License-Identifier: Apache-2.0
// A small server to try `tare ab` on: one thread, epoll, and of memcached's text protocol `get` of one key and `set`. It gives
// back what it was given. It has no limits, no expiry and no errors worth the name: it is an example to patch, not a cache.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { key_bytes_max = 250, value_bytes_max = 8192, bucket_count = 4096, input_bytes_max = 65536 };

struct item {
    struct item* next;
    char key[key_bytes_max + 1];
    unsigned flags;
    size_t value_bytes;
    char value[value_bytes_max];
};

struct connection {
    int fd;
    size_t used;
    char input[input_bytes_max];
    char output[value_bytes_max + key_bytes_max + 64];
};

static struct item* buckets[bucket_count];

static struct item** place_of(const char* key) {
    unsigned hash = 5381;
    for (const char* letter = key; *letter; ++letter) hash = hash * 33 + (unsigned char)*letter;
    struct item** place = &buckets[hash % bucket_count];
    while (*place && strcmp((*place)->key, key) != 0) place = &(*place)->next;
    return place;
}

static void answer(struct connection* connection, const char* text, size_t size_bytes) {
    while (size_bytes > 0) {
        const ssize_t sent = send(connection->fd, text, size_bytes, MSG_NOSIGNAL);
        if (sent <= 0) return;
        text += sent;
        size_bytes -= (size_t)sent;
    }
}

static void get(struct connection* connection, const char* key) {
    const struct item* item = *place_of(key);
    if (!item) {
        answer(connection, "END\r\n", 5);
        return;
    }
    char* reply = malloc(sizeof connection->output);
    size_t size_bytes = (size_t)sprintf(reply, "VALUE %s %u %zu\r\n", key, item->flags, item->value_bytes);
    memcpy(reply + size_bytes, item->value, item->value_bytes);
    size_bytes += item->value_bytes;
    memcpy(reply + size_bytes, "\r\nEND\r\n", 7);
    answer(connection, reply, size_bytes + 7);
    free(reply);
}

static void set(struct connection* connection, const char* key, unsigned flags, const char* value, size_t value_bytes,
                int reply) {
    struct item** place = place_of(key);
    if (!*place) {
        *place = calloc(1, sizeof **place);
        strcpy((*place)->key, key);
    }
    (*place)->flags = flags;
    (*place)->value_bytes = value_bytes;
    memcpy((*place)->value, value, value_bytes);
    if (reply) answer(connection, "STORED\r\n", 8);
}

// Carries out the first request of the input; the bytes it took, 0 when it is not complete.
static size_t serve_one(struct connection* connection) {
    char* line = connection->input;
    char* end = memmem(line, connection->used, "\r\n", 2);
    if (!end) return 0;
    const size_t line_bytes = (size_t)(end - line) + 2;
    char key[key_bytes_max + 1];
    char noreply[8] = "";
    unsigned flags;
    size_t value_bytes;
    *end = 0;
    if (sscanf(line, "set %250s %u %*u %zu %7s", key, &flags, &value_bytes, noreply) >= 3 && value_bytes <= value_bytes_max) {
        *end = '\r';
        if (connection->used < line_bytes + value_bytes + 2) return 0;
        set(connection, key, flags, line + line_bytes, value_bytes, noreply[0] == 0);
        return line_bytes + value_bytes + 2;
    }
    if (sscanf(line, "get %250s", key) == 1)
        get(connection, key);
    else
        answer(connection, "ERROR\r\n", 7);
    return line_bytes;
}

static int serve(struct connection* connection) {
    const ssize_t got = recv(connection->fd, connection->input + connection->used, input_bytes_max - connection->used, 0);
    if (got <= 0) return 0;
    connection->used += (size_t)got;
    for (size_t taken; connection->used > 0 && (taken = serve_one(connection)) > 0;) {
        connection->used -= taken;
        memmove(connection->input, connection->input + taken, connection->used);
    }
    return 1;
}

static void welcome(int epoll, int listener) {
    const int on = 1;
    struct connection* connection = calloc(1, sizeof *connection);
    connection->fd = accept(listener, NULL, NULL);
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event wanted = {.events = EPOLLIN, .data = {.ptr = connection}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &wanted);
}

int main(int argc, char** argv) {
    if (argc != 3 || strcmp(argv[1], "-p") != 0) return fprintf(stderr, "usage: echo -p PORT\n"), 2;
    const int on = 1;
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(listener, (const struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 1024) != 0)
        return perror("bind"), 5;
    const int epoll = epoll_create1(0);
    struct epoll_event wanted = {.events = EPOLLIN, .data = {.ptr = NULL}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &wanted);
    for (;;) {
        struct epoll_event ready[64];
        const int count = epoll_wait(epoll, ready, 64, -1);
        for (int index = 0; index < count; ++index) {
            struct connection* connection = ready[index].data.ptr;
            if (!connection) {
                welcome(epoll, listener);
            } else if (!serve(connection)) {
                close(connection->fd);
                free(connection);
            }
        }
    }
}
