// A static page that reads Parquet files of its view's subsets in the browser, through the gateway's /_lake/. This
// program serves the page and knows nothing of the lake: it has no credentials.
package main

import (
	"net/http"
	"os"

	"github.com/Yolean/view-gateway/example/view"
)

func main() { view.Main(newServer) }

func newServer() (*http.Server, error) {
	about, err := view.FromEnvironment(os.Getenv, "browser")
	if err != nil {
		return nil, err
	}
	handler, err := newHandler(about)
	return &http.Server{Handler: handler}, err
}
