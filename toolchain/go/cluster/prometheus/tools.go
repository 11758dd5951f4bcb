//go:build tools

// Package tools pins Prometheus, which `go install pkg@version` refuses because its go.mod has replace directives.
package tools

import _ "github.com/prometheus/prometheus/cmd/prometheus"
