package main

import (
	"context"
	"fmt"
	"net/netip"
	"sync"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	v1 "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	networkinglisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
)

// cluster is what the API server says of pods, namespaces and NetworkPolicies.
type cluster struct {
	namespaces corelisters.NamespaceLister
	policies   networkinglisters.NetworkPolicyLister

	mutex sync.Mutex
	pods  map[netip.Addr]*v1.Pod
	// nil after a change. The matcher takes NotIn to mean that the label is there, other than Kubernetes; no policy of
	// the library says NotIn.
	policy *matcher.Policy
}

func watch(ctx context.Context, client kubernetes.Interface) (*cluster, error) {
	factory := informers.NewSharedInformerFactory(client, 0)
	c := &cluster{
		namespaces: factory.Core().V1().Namespaces().Lister(),
		policies:   factory.Networking().V1().NetworkPolicies().Lister(),
		pods:       map[netip.Addr]*v1.Pod{},
	}
	pods := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { c.keep(object) },
		UpdateFunc: func(_, object any) { c.keep(object) },
		DeleteFunc: func(object any) { c.forget(object) },
	}
	if _, err := factory.Core().V1().Pods().Informer().AddEventHandler(pods); err != nil {
		return nil, err
	}
	changed := func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.policy = nil
	}
	policies := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed() },
		UpdateFunc: func(any, any) { changed() },
		DeleteFunc: func(any) { changed() },
	}
	if _, err := factory.Networking().V1().NetworkPolicies().Informer().AddEventHandler(policies); err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return nil, fmt.Errorf("%v cannot be watched", kind)
		}
	}
	return c, nil
}

// addressOf gives the address that is a pod's own: a pod of the node's network has none, and one that has ended has
// given it back.
func addressOf(pod *v1.Pod) (netip.Addr, bool) {
	if pod.Spec.HostNetwork || pod.Status.Phase == v1.PodSucceeded || pod.Status.Phase == v1.PodFailed {
		return netip.Addr{}, false
	}
	address, err := netip.ParseAddr(pod.Status.PodIP)
	return address, err == nil
}

func (c *cluster) keep(object any) {
	pod := object.(*v1.Pod)
	address, ok := addressOf(pod)
	if !ok {
		c.forget(pod)
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.pods[address] = pod
}

func (c *cluster) forget(object any) {
	if last, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = last.Obj
	}
	pod := object.(*v1.Pod)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// Its address may be another pod's already.
	for address, known := range c.pods {
		if known.UID == pod.UID {
			delete(c.pods, address)
		}
	}
}

func (c *cluster) knows(address netip.Addr) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.pods[address] != nil
}

// refusal says which connection no policy allows though one is for it; nothing where it is allowed.
func (c *cluster) refusal(p packet) string {
	if p.source == p.destination {
		return ""
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.policy == nil {
		policies, err := c.policies.List(labels.Everything())
		if err != nil {
			return err.Error()
		}
		c.policy = matcher.BuildNetworkPolicies(false, copies(policies))
	}
	to := c.pods[p.destination]
	traffic := matcher.Traffic{
		Source:       c.peer(p.source),
		Destination:  c.peer(p.destination),
		ResolvedPort: p.port,
		Protocol:     p.protocol,
	}
	for _, ingress := range []bool{false, true} {
		allowed := false
		for _, name := range portNames(to, p) {
			traffic.ResolvedPortName = name
			allowed = allowed || c.policy.IsIngressOrEgressAllowed(&traffic, ingress).IsAllowed()
		}
		if !allowed {
			direction := map[bool]string{false: "egress", true: "ingress"}[ingress]
			return fmt.Sprintf("%s refused: %s to %s, %s %d", direction, c.name(p.source), c.name(p.destination), p.protocol, p.port)
		}
	}
	return ""
}

// copies keeps the matcher, which joins policies, from changing what the watch holds.
func copies(policies []*networking.NetworkPolicy) []*networking.NetworkPolicy {
	copied := make([]*networking.NetworkPolicy, len(policies))
	for index, policy := range policies {
		copied[index] = policy.DeepCopy()
	}
	return copied
}

func (c *cluster) peer(address netip.Addr) *matcher.TrafficPeer {
	peer := &matcher.TrafficPeer{IP: address.String()}
	if pod := c.pods[address]; pod != nil {
		peer.Internal = &matcher.InternalPeer{Namespace: pod.Namespace, PodLabels: pod.Labels}
		if namespace, err := c.namespaces.Get(pod.Namespace); err == nil {
			peer.Internal.NamespaceLabels = namespace.Labels
		}
	}
	return peer
}

func (c *cluster) name(address netip.Addr) string {
	if pod := c.pods[address]; pod != nil {
		return fmt.Sprintf("%s/%s (%s)", pod.Namespace, pod.Name, address)
	}
	return address.String()
}

// portNames gives what the pod calls a port; an empty name where it has none for it.
func portNames(pod *v1.Pod, p packet) []string {
	names := []string{""}
	if pod == nil {
		return names
	}
	for _, container := range append(append([]v1.Container{}, pod.Spec.InitContainers...), pod.Spec.Containers...) {
		for _, port := range container.Ports {
			if int(port.ContainerPort) == p.port && port.Protocol == p.protocol && port.Name != "" {
				names = append(names, port.Name)
			}
		}
	}
	return names
}
