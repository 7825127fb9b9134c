// Asks an ext_authz server for so many seconds, so many calls at a time over one connection, as one worker of Envoy
// does, and prints what it found as JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
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
	calls := flag.Int("calls", 1, "calls at a time")
	views := flag.Int("views", 1, "views to ask for")
	flag.Parse()

	connection, err := grpc.NewClient("unix:"+*socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	client := auth.NewAuthorizationClient(connection)
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
				response, err := client.Check(context.Background(), check(n%*views))
				if err != nil {
					log.Fatal(err)
				}
				if response.GetOkResponse() == nil {
					log.Fatalf("denied: %v", response)
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

// check is what Envoy sends of a plain GET.
func check(view int) *auth.CheckRequest {
	host := fmt.Sprintf("view-%d.localhost", view)
	return &auth.CheckRequest{Attributes: &auth.AttributeContext{
		Request: &auth.AttributeContext_Request{Http: &auth.AttributeContext_HttpRequest{
			Id: "1234567890", Method: "GET", Host: host, Path: "/", Scheme: "http", Protocol: "HTTP/1.1",
			Headers: map[string]string{"accept": "*/*", "user-agent": "bench"},
		}},
	}}
}
