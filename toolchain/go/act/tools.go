//go:build tools

// Package tools pins act with the checksums of everything it is built from.
package tools

import _ "github.com/nektos/act"
