// CoreDNS with the plugins that a cluster's name server uses, as its guide on external plugins builds one. The default
// list brings the libraries of three clouds and of two tracers.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/template"
)

func main() {
	// The order in which plugins see a query: that of CoreDNS' own list.
	dnsserver.Directives = []string{"ready", "health", "errors", "loadbalance", "cache", "template", "kubernetes"}
	coremain.Run()
}
