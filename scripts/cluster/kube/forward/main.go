// forward listens on an address of the network namespace it is started in and connects each client to an address of
// another one.
//
//	forward LISTEN TARGET NETNS     e.g. forward 127.0.0.1:8080 10.96.0.10:80 /proc/123/ns/net
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// inherited is the file descriptor of the listener in the process that has moved to the target's namespace.
const inherited = 3

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	var err error
	switch len(os.Args) {
	case 4:
		err = enter(os.Args[1], os.Args[2], os.Args[3])
	case 2:
		err = serve(os.Args[1])
	default:
		err = errors.New("usage: forward LISTEN TARGET NETNS")
	}
	if err != nil {
		log.Fatal(err)
	}
}

// enter listens here and becomes `forward TARGET` there. The namespace is a property of a thread, and a program that is
// executed inherits its thread's, so after that nothing needs to care which thread it runs on.
func enter(listen, target, namespace string) error {
	if _, _, err := net.SplitHostPort(target); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	descriptor, err := unix.Open(namespace, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", namespace, err)
	}
	if err := unix.Setns(descriptor, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter %s: %w", namespace, err)
	}
	if err := unix.Dup3(int(file.Fd()), inherited, 0); err != nil && int(file.Fd()) != inherited {
		return fmt.Errorf("keep the listener: %w", err)
	}
	if _, err := unix.FcntlInt(inherited, unix.F_SETFD, 0); err != nil {
		return fmt.Errorf("keep the listener: %w", err)
	}
	return syscall.Exec("/proc/self/exe", []string{os.Args[0], target}, os.Environ())
}

func serve(target string) error {
	listener, err := net.FileListener(os.NewFile(inherited, "listener"))
	if err != nil {
		return err
	}
	log.Printf("from %s to %s", listener.Addr(), target)
	for {
		client, err := listener.Accept()
		if err != nil {
			// Out of descriptors or memory, or a client that is gone already: none is a reason to stop.
			log.Print(err)
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go connect(client.(*net.TCPConn), target)
	}
}

func connect(client *net.TCPConn, target string) {
	defer client.Close()
	dialed, err := net.DialTimeout("tcp", target, 10*time.Second)
	if err != nil {
		log.Print(err)
		reset(client)
		return
	}
	server := dialed.(*net.TCPConn)
	defer server.Close()
	done := make(chan struct{})
	go func() {
		pass(client, server)
		close(done)
	}()
	pass(server, client)
	<-done
}

// pass copies one direction to its end and passes that end on: either side may go on sending after the other has
// finished. A reset ends both directions on both sides.
func pass(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		reset(to)
		reset(from)
		return
	}
	to.CloseWrite()
}

func reset(connection *net.TCPConn) {
	connection.SetLinger(0)
	connection.Close()
}
