// A view's web server: it answers /small with 100 bytes and /large with 1 MB, at once.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
)

func main() {
	log.SetFlags(0)
	for path, size := range map[string]int{"/small": 100, "/large": 1 << 20} {
		body := bytes.Repeat([]byte("a"), size)
		http.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("content-type", "text/plain")
			w.Header().Set("content-length", strconv.Itoa(size))
			_, _ = w.Write(body)
		})
	}
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listening.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listening, nil))
}
