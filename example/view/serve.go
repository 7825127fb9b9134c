package view

import (
	"context"
	"errors"
	"fmt"
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

// Main serves at PORT until the pod ends, and is all that a program's main does.
func Main(newServer func() (*http.Server, error)) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if err := run(newServer); err != nil {
		slog.Error("cannot serve", "error", err.Error())
		os.Exit(1)
	}
}

func run(newServer func() (*http.Server, error)) error {
	server, err := newServer()
	if err != nil {
		return err
	}
	server.ReadHeaderTimeout = 10 * time.Second
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// As a view that has much to load before it listens.
	delay, err := time.ParseDuration(valueOr(os.Getenv("START_DELAY"), "0s"))
	if err != nil {
		return fmt.Errorf("START_DELAY is no duration: %w", err)
	}
	select {
	case <-time.After(delay):
	case <-stopping.Done():
		return nil
	}
	listener, err := net.Listen("tcp", ":"+valueOr(os.Getenv("PORT"), "8080"))
	if err != nil {
		return err
	}
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
