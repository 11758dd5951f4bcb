package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
	v1 "k8s.io/api/core/v1"
)

// packet is the first one of a connection.
type packet struct {
	source, destination netip.Addr
	// Empty for what has no ports, such as an echo request.
	protocol v1.Protocol
	port     int
}

var protocols = map[byte]v1.Protocol{
	unix.IPPROTO_TCP:  v1.ProtocolTCP,
	unix.IPPROTO_UDP:  v1.ProtocolUDP,
	unix.IPPROTO_SCTP: v1.ProtocolSCTP,
}

// parse reads the header of an IPv4 packet (RFC 791) and the ports that follow it.
func parse(data []byte) (packet, error) {
	if len(data) < 20 || data[0]>>4 != 4 {
		return packet{}, fmt.Errorf("no IPv4 packet: %x", data)
	}
	p := packet{
		source:      netip.AddrFrom4([4]byte(data[12:16])),
		destination: netip.AddrFrom4([4]byte(data[16:20])),
		protocol:    protocols[data[9]],
	}
	header := int(data[0]&0xf) * 4
	if p.protocol != "" {
		if len(data) < header+4 {
			return packet{}, fmt.Errorf("no ports in the packet: %x", data)
		}
		p.port = int(binary.BigEndian.Uint16(data[header+2:]))
	}
	return p, nil
}
