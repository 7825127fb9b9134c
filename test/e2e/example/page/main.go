// A small web page about the view that it runs in, and the endpoints that the end-to-end tests ask.
package main

import (
	"context"
	"encoding/json"
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
	view, err := viewFromEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	// WebSockets leave the server's care, so they end by a context of their own.
	sockets, closeSockets := context.WithCancel(context.Background())
	defer closeSockets()
	page := newPage(view, time.Now(), sockets)
	page.deliveries = os.Getenv("DELIVERIES_URL")
	server := &http.Server{
		Handler:           page.handler(),
		ReadHeaderTimeout: 10 * time.Second,
	}
	server.RegisterOnShutdown(closeSockets)
	address := ":" + valueOr(os.Getenv("PORT"), "8080")
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	slog.Info("serving", "view", view.Name, "address", listener.Addr().String())

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

// Subset is a part of the lake that the view may use.
type Subset struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Access string `json:"access"`
}

// View is what the gateway says about the view, in VIEW_NAME and VIEW_SUBSETS.
type View struct {
	Name    string
	Subsets []Subset
}

func viewFromEnvironment(get func(string) string) (View, error) {
	view := View{Name: valueOr(get("VIEW_NAME"), "example")}
	if err := json.Unmarshal([]byte(valueOr(get("VIEW_SUBSETS"), "[]")), &view.Subsets); err != nil {
		return View{}, errors.Join(errors.New("VIEW_SUBSETS is not a JSON list of subsets"), err)
	}
	return view, nil
}

func valueOr(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
