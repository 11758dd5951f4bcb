//go:build tools

// Package tools pins Traefik, which `go install pkg@version` refuses because its go.mod has replace directives.
package tools

import _ "github.com/traefik/traefik/v3/cmd/traefik"
