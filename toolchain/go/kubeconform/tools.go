//go:build tools

// Package tools pins kubeconform with the checksums of everything it is built from.
package tools

import _ "github.com/yannh/kubeconform/cmd/kubeconform"
