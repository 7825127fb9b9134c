// A small web page about the view that it runs in, and the endpoints that the end-to-end tests ask.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"github.com/Yolean/view-gateway/example/view"
)

func main() { view.Main(newServer) }

func newServer() (*http.Server, error) {
	about, err := view.FromEnvironment(os.Getenv, "example")
	if err != nil {
		return nil, err
	}
	// WebSockets leave the server's care, so they end by a context of their own.
	sockets, closeSockets := context.WithCancel(context.Background())
	page := newPage(about, time.Now(), sockets)
	page.deliveries = os.Getenv("DELIVERIES_URL")
	server := &http.Server{Handler: page.handler()}
	server.RegisterOnShutdown(closeSockets)
	return server, nil
}
