// SPDX-License-Identifier: Apache-2.0
// A server of net/http: it answers /page/N with N.
package main

import (
	"net/http"
	"os"
	"strings"
)

func main() {
	http.HandleFunc("/page/", func(reply http.ResponseWriter, request *http.Request) {
		reply.Write([]byte("page " + strings.TrimPrefix(request.URL.Path, "/page/")))
	})
	if http.ListenAndServe("127.0.0.1:"+os.Args[1], nil) != nil {
		os.Exit(1)
	}
}
