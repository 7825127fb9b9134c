package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Each test's server takes one connection after another; what it does with them is up to it.
func forwardTo(t *testing.T, handle func(*net.TCPConn)) string {
	t.Helper()
	server, forwarder := listen(t), listen(t)
	accept(server, func(connection *net.TCPConn) { handle(connection) })
	accept(forwarder, func(connection *net.TCPConn) { connect(connection, server.Addr().String()) })
	return forwarder.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

func accept(listener net.Listener, handle func(*net.TCPConn)) {
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go handle(connection.(*net.TCPConn))
		}
	}()
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	connection.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { connection.Close() })
	return connection.(*net.TCPConn)
}

func TestAnswerAfterTheClientHasFinished(t *testing.T) {
	address := forwardTo(t, func(connection *net.TCPConn) {
		body, _ := io.ReadAll(connection)
		time.Sleep(50 * time.Millisecond)
		connection.Write(body)
		connection.Close()
	})
	body := make([]byte, 20<<20)
	rand.Read(body)
	client := dial(t, address)
	if _, err := client.Write(body); err != nil {
		t.Fatal(err)
	}
	client.CloseWrite()
	if answer, err := io.ReadAll(client); err != nil || !bytes.Equal(answer, body) {
		t.Fatalf("got %d of %d bytes, error %v", len(answer), len(body), err)
	}
}

func TestResetIsPassedOn(t *testing.T) {
	address := forwardTo(t, func(connection *net.TCPConn) {
		connection.Read(make([]byte, 1))
		reset(connection)
	})
	client := dial(t, address)
	client.Write([]byte("a"))
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("got %v", err)
	}
}

func TestAClientThatHangsUpEndsTheServersConnection(t *testing.T) {
	ended := make(chan error, 1)
	address := forwardTo(t, func(connection *net.TCPConn) {
		connection.Write([]byte("a"))
		connection.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, err := connection.Read(make([]byte, 1))
		ended <- err
		connection.Close()
	})
	client := dial(t, address)
	client.Read(make([]byte, 1))
	client.Close()
	if err := <-ended; err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("got %v", err)
	}
}

func TestATargetThatRefusesResetsTheClient(t *testing.T) {
	closed := listen(t)
	closed.Close()
	forwarder := listen(t)
	accept(forwarder, func(connection *net.TCPConn) { connect(connection, closed.Addr().String()) })
	// The reset may be quicker than the last step of the client's own connecting.
	client, err := net.Dial("tcp", forwarder.Addr().String())
	if err == nil {
		defer client.Close()
		_, err = client.Read(make([]byte, 1))
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("got %v", err)
	}
}

func TestThousandsOfConnectionsAtATime(t *testing.T) {
	address := forwardTo(t, func(connection *net.TCPConn) {
		io.Copy(connection, connection)
		connection.Close()
	})
	// Both ends of both connections and their pipes are this process's: 8 descriptors each.
	const count = 1000
	var connections [count]*net.TCPConn
	for index := range connections {
		connections[index] = dial(t, address)
	}
	var group sync.WaitGroup
	for _, connection := range connections {
		group.Add(1)
		go func() {
			defer group.Done()
			connection.Write([]byte("hello"))
			connection.CloseWrite()
			if answer, err := io.ReadAll(connection); err != nil || string(answer) != "hello" {
				t.Errorf("got %q, error %v", answer, err)
			}
		}()
	}
	group.Wait()
}
