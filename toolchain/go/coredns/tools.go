//go:build tools

// Package tools pins CoreDNS with the checksums of everything it is built from.
package tools

import _ "github.com/coredns/coredns"
