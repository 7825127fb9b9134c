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
	"path/filepath"
	"syscall"
	"time"
)

// How long requests are still accepted after SIGTERM, until everybody knows that this pod ends.
const lameDuck = 500 * time.Millisecond

// How long requests that run when the listener closes may take to end.
const grace = 10 * time.Second

// NewHandler answers a view's HTTP. Its context ends when the listener closes, for what the server does not end itself.
type NewHandler func(ending context.Context, about View) (http.Handler, error)

// Main serves at PORT, of HOST alone where that is set, until the pod ends, and is all that a program's main does. Outside of a gateway the view has a name of
// its own.
func Main(name string, newHandler NewHandler) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if err := run(name, newHandler); err != nil {
		slog.Error("cannot serve", "error", err.Error())
		os.Exit(1)
	}
}

func run(name string, newHandler NewHandler) error {
	ending, end := context.WithCancel(context.Background())
	defer end()
	serve := func(about View) (http.Handler, error) { return newHandler(ending, about) }
	handler, unassigned, err := handlerFor(os.Getenv, name, serve)
	if err != nil {
		return err
	}
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
	listener, err := net.Listen("tcp", os.Getenv("HOST")+":"+valueOr(os.Getenv("PORT"), "8080"))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	server.RegisterOnShutdown(end)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	slog.Info("serving", "address", listener.Addr().String())

	select {
	case err := <-served:
		return err
	case <-stopping.Done():
	}
	slog.Info("ending")
	// Nobody has sent a request to a pod that is no view.
	if unassigned() {
		return server.Close()
	}
	time.Sleep(lameDuck)
	limit, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return errors.Join(errors.New("requests were cut off"), server.Close())
	}
	return nil
}

// handlerFor answers for the view that the environment names. Where it names none, but a pod, a pod of a warm pool waits for
// its assignment. It also answers whether the pod is no view.
func handlerFor(
	get func(string) string, name string, serve func(View) (http.Handler, error),
) (http.Handler, func() bool, error) {
	if pod := get("VIEW_POD_UID"); pod != "" && get("VIEW_NAME") == "" {
		lake := ""
		if config := get("AWS_CONFIG_FILE"); config != "" {
			lake = filepath.Dir(config)
		}
		pooled := &poolPod{uid: pod, lake: lake, serve: serve}
		return pooled, pooled.unassigned, nil
	}
	about, err := fromEnvironment(get, name)
	if err != nil {
		return nil, nil, err
	}
	handler, err := serve(about)
	return handler, func() bool { return false }, err
}
