// Serves resources to Envoy over delta ADS with go-control-plane: one LinearCache for each type, which is the faster of
// its caches where single resources change. It reads commands and prints events, in lines of JSON: see
// test/bench/processes/ads_process.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
	"sync"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	resource "github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

type line struct {
	Type string `json:"type"`
	Name string `json:"name"`
	Body []byte `json:"body"`
}

type said struct {
	Event        string  `json:"event"`
	Milliseconds float64 `json:"milliseconds,omitempty"`
	Sent         int     `json:"sent"`
	Message      string  `json:"message,omitempty"`
}

func say(what said) {
	text, _ := json.Marshal(what)
	fmt.Println(string(text))
}

func message(of line) types.Resource {
	var m proto.Message
	switch of.Type {
	case resource.ClusterType:
		m = &cluster.Cluster{}
	case resource.EndpointType:
		m = &endpoint.ClusterLoadAssignment{}
	case resource.ListenerType:
		m = &listener.Listener{}
	case resource.RouteType:
		m = &route.RouteConfiguration{}
	default:
		log.Fatalf("there is no cache for %s", of.Type)
	}
	if err := proto.Unmarshal(of.Body, m); err != nil {
		log.Fatal(err)
	}
	return m
}

// observer counts what was sent and ACKed, and knows when all there is has been.
type observer struct {
	sync.Mutex
	opened   time.Time
	total    int
	sent     int
	acked    map[string]bool
	pending  map[string][]string
	waiting  string
	changed  time.Time
	announce bool
}

func key(typeURL, name string) string { return typeURL + " " + name }

func (o *observer) OnDeltaStreamOpen(context.Context, int64, string) error {
	o.Lock()
	defer o.Unlock()
	if o.opened.IsZero() {
		o.opened = time.Now()
	}
	return nil
}

func (o *observer) OnDeltaStreamClosed(int64, *core.Node) {}

func (o *observer) OnStreamDeltaRequest(_ int64, request *discovery.DeltaDiscoveryRequest) error {
	o.Lock()
	defer o.Unlock()
	for name := range request.InitialResourceVersions {
		o.acked[key(request.TypeUrl, name)] = true
	}
	names, ok := o.pending[request.ResponseNonce]
	if ok && request.ErrorDetail != nil {
		say(said{Event: "refused", Message: request.ErrorDetail.Message})
	}
	if ok {
		delete(o.pending, request.ResponseNonce)
		for _, name := range names {
			o.acked[name] = true
			if name == o.waiting {
				o.waiting = ""
				say(said{Event: "acked", Milliseconds: since(o.changed), Sent: o.sent})
			}
		}
	}
	if o.announce && len(o.acked) == o.total {
		o.announce = false
		say(said{Event: "loaded", Milliseconds: since(o.opened), Sent: o.sent})
	}
	return nil
}

func (o *observer) OnStreamDeltaResponse(_ int64, _ *discovery.DeltaDiscoveryRequest, response *discovery.DeltaDiscoveryResponse) {
	o.Lock()
	defer o.Unlock()
	o.sent += len(response.Resources)
	names := make([]string, 0, len(response.Resources))
	for _, r := range response.Resources {
		names = append(names, key(response.TypeUrl, r.Name))
	}
	o.pending[response.Nonce] = names
}

func since(t time.Time) float64 { return float64(time.Since(t)) / float64(time.Millisecond) }

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: ads SOCKET RESOURCES")
	}
	socket, file := os.Args[1], os.Args[2]

	byType := map[string]map[string]types.Resource{
		resource.ClusterType: {}, resource.EndpointType: {}, resource.ListenerType: {}, resource.RouteType: {},
	}
	total := 0
	opened, err := os.Open(file)
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(opened)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			log.Fatal(err)
		}
		byType[l.Type][l.Name] = message(l)
		total++
	}
	linear := map[string]*cache.LinearCache{}
	caches := map[string]cache.Cache{}
	for typeURL, resources := range byType {
		c := cache.NewLinearCache(typeURL, cache.WithInitialResources(resources))
		linear[typeURL], caches[typeURL] = c, c
	}
	mux := &cache.MuxCache{
		Classify:      func(r *cache.Request) string { return r.GetTypeUrl() },
		ClassifyDelta: func(r *cache.DeltaRequest) string { return r.GetTypeUrl() },
		Caches:        caches,
	}
	o := &observer{total: total, acked: map[string]bool{}, pending: map[string][]string{}, announce: true}
	ads := server.NewServer(context.Background(), mux, callbacks{o})

	_ = os.Remove(socket)
	listening, err := net.Listen("unix", socket)
	if err != nil {
		log.Fatal(err)
	}
	g := grpc.NewServer(grpc.MaxRecvMsgSize(64<<20), grpc.MaxConcurrentStreams(100_000))
	discovery.RegisterAggregatedDiscoveryServiceServer(g, ads)
	go func() { log.Fatal(g.Serve(listening)) }()
	say(said{Event: "listening"})

	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		var l line
		if err := json.Unmarshal(input.Bytes(), &l); err != nil {
			log.Fatal(err)
		}
		if l.Type == "" {
			o.Lock()
			say(said{Event: "status", Sent: o.sent})
			o.Unlock()
			continue
		}
		m := message(l)
		o.Lock()
		o.waiting, o.changed = key(l.Type, l.Name), time.Now()
		o.Unlock()
		if err := linear[l.Type].UpdateResource(l.Name, m); err != nil {
			log.Fatal(err)
		}
	}
}

// callbacks adds what the server asks for on other kinds of stream, which there are none of.
type callbacks struct{ *observer }

func (callbacks) OnStreamOpen(context.Context, int64, string) error { return nil }
func (callbacks) OnStreamClosed(int64, *core.Node)                  {}
func (callbacks) OnStreamRequest(int64, *discovery.DiscoveryRequest) error {
	return nil
}
func (callbacks) OnStreamResponse(context.Context, int64, *discovery.DiscoveryRequest, *discovery.DiscoveryResponse) {
}
func (callbacks) OnFetchRequest(context.Context, *discovery.DiscoveryRequest) error { return nil }
func (callbacks) OnFetchResponse(*discovery.DiscoveryRequest, *discovery.DiscoveryResponse) {
}
