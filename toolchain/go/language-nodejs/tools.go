//go:build tools

// Package tools pins the last published Node.js language host that resolves as a Go module.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
