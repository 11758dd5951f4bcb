//go:build tools

// Package tools pins the Pulumi CLI, which `go install pkg@version` refuses because its go.mod has a replace directive.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
