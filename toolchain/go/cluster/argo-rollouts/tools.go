//go:build tools

// Package tools pins the Argo Rollouts controller, which `go install pkg@version` refuses because its go.mod has
// replace directives.
package tools

import _ "github.com/argoproj/argo-rollouts/cmd/rollouts-controller"
