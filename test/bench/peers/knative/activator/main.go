// Knative's activator as far as one request goes through it: its own handler, proxy and transport. What it takes from
// Kubernetes is left out, and its throttler always has room at one address, so a real activator does somewhat more.
// `activator ADDRESS` leads to that address.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"go.uber.org/zap"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	pkgnet "knative.dev/pkg/network"
	"knative.dev/serving/pkg/activator/config"
	"knative.dev/serving/pkg/activator/handler"
	v1 "knative.dev/serving/pkg/apis/serving/v1"
)

// Idle connections, as the activator has them unless configured otherwise.
const idle, idlePerHost = 1000, 100

type throttler struct{ address string }

func (t throttler) Try(_ context.Context, _ types.NamespacedName, do func(string) error) error {
	return do(t.address)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: activator ADDRESS")
	}
	activation := handler.New(context.Background(), throttler{os.Args[1]},
		pkgnet.NewProxyAutoTransport(idle, idlePerHost), false, zap.NewNop().Sugar(), false)
	// As they are unless configured otherwise.
	settings := config.NewStore(zap.NewNop().Sugar())
	for _, name := range []string{"config-tracing", "config-network"} {
		settings.OnConfigChanged(&core.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}})
	}
	revision := &v1.Revision{}
	id := types.NamespacedName{Namespace: "bench", Name: "bench"}
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listening.Addr().(*net.TCPAddr).Port)
	server := pkgnet.NewServer("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := handler.WithRevisionAndID(settings.ToContext(r.Context()), revision, id)
		activation.ServeHTTP(w, r.WithContext(ctx))
	}))
	log.Fatal(server.Serve(listening))
}
