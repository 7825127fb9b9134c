// The least that an ext_authz server in Go does: it looks a view up in a map and lets the request pass.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

type authorization struct {
	auth.UnimplementedAuthorizationServer
	views map[string]bool
}

func (a authorization) Check(_ context.Context, check *auth.CheckRequest) (*auth.CheckResponse, error) {
	http := check.GetAttributes().GetRequest().GetHttp()
	name, _, _ := strings.Cut(http.GetHost(), ".")
	if !a.views[name] {
		return &auth.CheckResponse{Status: &status.Status{Code: int32(codes.PermissionDenied)}}, nil
	}
	passes, _ := strconv.Atoi(http.GetHeaders()["x-gate-pass"])
	return &auth.CheckResponse{
		Status: &status.Status{Code: int32(codes.OK)},
		HttpResponse: &auth.CheckResponse_OkResponse{OkResponse: &auth.OkHttpResponse{
			Headers: []*core.HeaderValueOption{{
				Header:       &core.HeaderValue{Key: "x-gate-pass", Value: strconv.Itoa(passes + 1)},
				AppendAction: core.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD,
			}},
		}},
	}, nil
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: authorization SOCKET VIEWS")
	}
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	views := make(map[string]bool, count)
	for i := range count {
		views[fmt.Sprintf("view-%d", i)] = true
	}
	_ = os.Remove(os.Args[1])
	listening, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxConcurrentStreams(100_000))
	auth.RegisterAuthorizationServer(server, authorization{views: views})
	fmt.Println("listening")
	log.Fatal(server.Serve(listening))
}
