// Package main sets the weights of HTTPRoutes for Argo Rollouts, in tests. It stands in for Argo's own plugin, which
// comes as a file of its releases and not as a module that can be built everywhere; with HEADGATE_GATEWAY_API_PLUGIN the
// tests run that file instead. It knows what a canary without routes by header needs.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/rollout/trafficrouting/plugin/rpc"
	"github.com/argoproj/argo-rollouts/utils/plugin/types"
	"github.com/hashicorp/go-plugin"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
)

// name is that of Argo's own plugin, by which Rollouts ask for it.
const name = "argoproj-labs/gatewayAPI"

var httpRoutes = schema.GroupVersionResource{
	Group:    "gateway.networking.k8s.io",
	Version:  "v1",
	Resource: "httproutes",
}

type router struct{ routes dynamic.NamespaceableResourceInterface }

func main() {
	log.SetFlags(0)
	plugin.Serve(&plugin.ServeConfig{
		// Source: the controller's client of plugins, rollout/trafficrouting/plugin/client.
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  1,
			MagicCookieKey:   "ARGO_ROLLOUTS_RPC_PLUGIN",
			MagicCookieValue: "trafficrouter",
		},
		Plugins: map[string]plugin.Plugin{"RpcTrafficRouterPlugin": &rpc.RpcTrafficRouterPlugin{Impl: &router{}}},
	})
}

func (r *router) InitPlugin() types.RpcError {
	config, err := rest.InClusterConfig()
	if err != nil {
		return failed(err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return failed(err)
	}
	r.routes = client.Resource(httpRoutes)
	return types.RpcError{}
}

// SetWeight gives the canary's Service so many of 100 parts, and the stable one the others, in every rule with both.
func (r *router) SetWeight(rollout *v1alpha1.Rollout, weight int32, _ []v1alpha1.WeightDestination) types.RpcError {
	canary := rollout.Spec.Strategy.Canary
	var asked struct{ HTTPRoute string }
	if err := json.Unmarshal(canary.TrafficRouting.Plugins[name], &asked); err != nil {
		return failed(err)
	}
	if asked.HTTPRoute == "" {
		return failed(fmt.Errorf("the Rollout %s names no httpRoute", rollout.Name))
	}
	weights := map[string]int64{canary.CanaryService: int64(weight), canary.StableService: 100 - int64(weight)}
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		return r.write(rollout.Namespace, asked.HTTPRoute, weights)
	})
	if err != nil {
		return failed(err)
	}
	log.Printf("HTTPRoute %s/%s: %v", rollout.Namespace, asked.HTTPRoute, weights)
	return types.RpcError{}
}

func (r *router) write(namespace, name string, weights map[string]int64) error {
	ctx := context.Background()
	route, err := r.routes.Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	rules, _, err := unstructured.NestedSlice(route.Object, "spec", "rules")
	if err != nil {
		return err
	}
	found := 0
	for _, rule := range rules {
		backends, _ := rule.(map[string]any)["backendRefs"].([]any)
		for _, each := range backends {
			backend := each.(map[string]any)
			if weight, ours := weights[backend["name"].(string)]; ours {
				backend["weight"] = weight
				found++
			}
		}
	}
	if found < len(weights) {
		return fmt.Errorf("HTTPRoute %s/%s has not both Services of the Rollout as backendRefs", namespace, name)
	}
	if err := unstructured.SetNestedSlice(route.Object, rules, "spec", "rules"); err != nil {
		return err
	}
	_, err = r.routes.Namespace(namespace).Update(ctx, route, metav1.UpdateOptions{})
	return err
}

// VerifyWeight says that a weight holds once it is written: who reads it is the gateway's affair.
func (*router) VerifyWeight(*v1alpha1.Rollout, int32, []v1alpha1.WeightDestination) (types.RpcVerified, types.RpcError) {
	return types.Verified, types.RpcError{}
}

func (*router) UpdateHash(*v1alpha1.Rollout, string, string, []v1alpha1.WeightDestination) types.RpcError {
	return types.RpcError{}
}

func (*router) SetHeaderRoute(*v1alpha1.Rollout, *v1alpha1.SetHeaderRoute) types.RpcError {
	return failed(fmt.Errorf("this plugin of the tests makes no routes by header"))
}

func (*router) SetMirrorRoute(*v1alpha1.Rollout, *v1alpha1.SetMirrorRoute) types.RpcError {
	return failed(fmt.Errorf("this plugin of the tests mirrors nothing"))
}

func (*router) RemoveManagedRoutes(*v1alpha1.Rollout) types.RpcError { return types.RpcError{} }

func (*router) Type() string { return "GatewayAPI" }

func failed(err error) types.RpcError { return types.RpcError{ErrorString: err.Error()} }
