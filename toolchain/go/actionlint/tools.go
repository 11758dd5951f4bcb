//go:build tools

// Package tools pins actionlint with the checksums of everything it is built from.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
