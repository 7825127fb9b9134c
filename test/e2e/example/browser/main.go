// A static page that reads Parquet files of its view's subsets in the browser, through the gateway's /_lake/. This
// program serves the page and knows nothing of the lake: it has no credentials.
package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// How long requests are still accepted after SIGTERM, until everybody knows that this pod ends.
const lameDuck = 500 * time.Millisecond

// How long requests that run when the listener closes may take to end.
const grace = 10 * time.Second

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if err := run(); err != nil {
		slog.Error("cannot serve", "error", err.Error())
		os.Exit(1)
	}
}

func run() error {
	handler, err := newHandler(os.Getenv)
	if err != nil {
		return err
	}
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	slog.Info("serving", "address", listener.Addr().String())

	select {
	case err := <-served:
		return err
	case <-stopping.Done():
	}
	slog.Info("ending")
	time.Sleep(lameDuck)
	limit, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return errors.Join(errors.New("requests were cut off"), server.Close())
	}
	return nil
}
