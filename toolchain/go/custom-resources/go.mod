module headgate.dev/toolchain/custom-resources

go 1.25.11

// No program is built of these: their CustomResourceDefinitions are read. "go mod tidy" would take them away.
require (
	github.com/prometheus-operator/prometheus-operator v0.85.0
	istio.io/api v1.31.1
	sigs.k8s.io/gateway-api v1.4.0
)
