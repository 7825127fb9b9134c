// Sends concurrent requests to an ext_authz server for some seconds, and prints the results as JSON. It uses connections
// as one worker of Envoy does: one for gRPC, and one for each concurrent request for HTTP/1.1.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	log.SetFlags(0)
	socket := flag.String("socket", "", "the server's unix socket")
	seconds := flag.Float64("seconds", 1, "how long to measure")
	warm := flag.Float64("warm", 0.3, "seconds before that")
	calls := flag.Int("calls", 1, "requests at a time")
	overHTTP := flag.Bool("http", false, "ask over HTTP/1.1 instead of gRPC")
	views := flag.Int("views", 1, "views to ask for")
	flag.Parse()

	ask := grpcClient(*socket)
	if *overHTTP {
		ask = httpClient(*socket, *calls)
	}
	begin := time.Now().Add(time.Duration(*warm * float64(time.Second)))
	end := begin.Add(time.Duration(*seconds * float64(time.Second)))
	took := make([][]float64, *calls)
	counts := make([]int, *calls)
	var group sync.WaitGroup
	for i := range *calls {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := i; ; n += *calls {
				counts[i]++
				asked := time.Now()
				if asked.After(end) {
					return
				}
				if err := ask(fmt.Sprintf("view-%d.localhost", n%*views)); err != nil {
					log.Fatal(err)
				}
				if asked.After(begin) {
					took[i] = append(took[i], float64(time.Since(asked))/float64(time.Millisecond))
				}
			}
		}()
	}
	group.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	asked := 0
	for _, count := range counts {
		asked += count
	}
	at := func(share float64) float64 { return all[min(len(all)-1, int(share*float64(len(all))))] }
	_ = json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"rate": float64(len(all)) / *seconds, "p50": at(0.5), "p99": at(0.99), "all": float64(asked),
	})
}

// grpcClient asks whether a GET may pass, and fails where it may not.
func grpcClient(socket string) func(host string) error {
	connection, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	client := auth.NewAuthorizationClient(connection)
	return func(host string) error {
		response, err := client.Check(context.Background(), check(host))
		if err == nil && response.GetOkResponse() == nil {
			return fmt.Errorf("denied: %v", response)
		}
		return err
	}
}

func httpClient(socket string, connections int) func(host string) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	client := &http.Client{Transport: &http.Transport{
		DialContext: dial, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true,
	}}
	return func(host string) error {
		request, err := http.NewRequest("GET", "http://sidecar/", nil)
		if err != nil {
			return err
		}
		request.Host = host
		request.Header = http.Header{"Accept": {"*/*"}, "User-Agent": {"bench"}, "Content-Length": {"0"}}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		if response.StatusCode != 200 || response.Header.Get("x-gate-pass") == "" {
			return fmt.Errorf("denied: %v", response)
		}
		return nil
	}
}

// check is what Envoy sends of a plain GET.
func check(host string) *auth.CheckRequest {
	return &auth.CheckRequest{Attributes: &auth.AttributeContext{
		Request: &auth.AttributeContext_Request{Http: &auth.AttributeContext_HttpRequest{
			Id: "1234567890", Method: "GET", Host: host, Path: "/", Scheme: "http", Protocol: "HTTP/1.1",
			Headers: map[string]string{"accept": "*/*", "user-agent": "bench"},
		}},
	}}
}
