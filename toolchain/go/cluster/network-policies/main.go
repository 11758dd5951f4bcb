// Command network-policies makes the network of a one-node cluster obey its NetworkPolicies. The kernel hands it the
// first packet of every connection that pods make or take; what a policy says of it is asked of cyclonus, which tests
// networks by the same answers. What no policy allows is dropped. Without this program no pod has a new connection.
package main

import (
	"context"
	"flag"
	"log"
	"net/netip"
	"os/exec"
	"time"

	"github.com/florianl/go-nfqueue/v2"
	"github.com/mdlayher/netlink"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// How long a packet waits for its pod to be known; the kubelet tells a new pod's address after it has begun.
	unknownLimit = 5 * time.Second
	unknownPause = 20 * time.Millisecond
	errorPause   = time.Millisecond
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of a file that allows to watch pods, namespaces and NetworkPolicies")
	podRange := flag.String("pod-range", "", "addresses of all pods")
	flag.Parse()
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	if err := run(*kubeconfig, *podRange); err != nil {
		log.Fatal(err)
	}
}

func run(kubeconfig, podRange string) error {
	pods, err := netip.ParsePrefix(podRange)
	if err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx := context.Background()
	cluster, err := watch(ctx, client)
	if err != nil {
		return err
	}

	queue, err := nfqueue.Open(&nfqueue.Config{
		MaxPacketLen: 128,
		MaxQueueLen:  4096,
		Copymode:     nfqueue.NfQnlCopyPacket,
		WriteTimeout: time.Second,
	})
	if err != nil {
		return err
	}
	defer queue.Close()
	if err := queue.SetOption(netlink.NoENOBUFS, true); err != nil {
		return err
	}
	answer := func(id uint32, p packet, arrived time.Time) bool {
		for _, address := range []netip.Addr{p.source, p.destination} {
			if pods.Contains(address) && !cluster.knows(address) && time.Since(arrived) < unknownLimit {
				return false
			}
		}
		verdict := nfqueue.NfAccept
		if why := cluster.refusal(p); why != "" {
			verdict = nfqueue.NfDrop
			log.Print(why)
		}
		if err := queue.SetVerdict(id, verdict); err != nil {
			log.Printf("verdict: %v", err)
		}
		return true
	}
	handle := func(a nfqueue.Attribute) int {
		id := *a.PacketID
		p, err := parse(*a.Payload)
		if err != nil {
			log.Print(err)
			if err := queue.SetVerdict(id, nfqueue.NfDrop); err != nil {
				log.Printf("verdict: %v", err)
			}
			return 0
		}
		arrived := time.Now()
		if answer(id, p, arrived) {
			return 0
		}
		go func() {
			for !answer(id, p, arrived) {
				time.Sleep(unknownPause)
			}
		}()
		return 0
	}
	// A packet that waits is gone with the pod that it came from, and then its verdict is an error: no reason to end.
	goOn := func(err error) int {
		log.Printf("queue: %v", err)
		time.Sleep(errorPause)
		return 0
	}
	if err := queue.RegisterWithErrorFunc(ctx, handle, goOn); err != nil {
		return err
	}
	if err := divert(podRange); err != nil {
		return err
	}
	log.Print("policies are enforced")
	select {}
}

// divert sends first packets to the queue. In this table, so that kube-proxy's own rules come after the answer. What the
// node itself sends is not asked: a pod takes connections from its own machine always.
func divert(podRange string) error {
	first := []string{"-m", "conntrack", "--ctstate", "NEW", "-j", "NFQUEUE", "--queue-num", "0"}
	for _, rule := range [][]string{{"FORWARD"}, {"INPUT", "-s", podRange}} {
		args := append(append([]string{"--wait", "-t", "mangle", "-A"}, rule...), first...)
		if output, err := exec.Command("iptables", args...).CombinedOutput(); err != nil {
			log.Printf("iptables: %s", output)
			return err
		}
	}
	return nil
}
