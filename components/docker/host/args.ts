import type * as pulumi from "@pulumi/pulumi";

/** Ports of the machine. */
export interface HostPorts {
  /** Plain HTTP of the gateway. Defaults to 8080. */
  http?: number;
  /** HTTPS of the gateway, opened when there are certificates. Defaults to 8443. */
  https?: number;
  /** Prometheus, on the loopback. Defaults to 9090. */
  prometheus?: number;
  /** Alertmanager, on the loopback. Defaults to 9093. */
  alertmanager?: number;
  /** Grafana, on the loopback, when its image is given. Defaults to 3000. */
  grafana?: number;
  /** The host's registry, on the loopback. Defaults to 5000. */
  registry?: number;
}

/** A certificate the gateway serves. */
export interface GatewayCertificate {
  /** File name without ending, unique among the certificates: "shop". */
  name: string;
  /** Certificate chain in PEM, leaf first. */
  certificate: pulumi.Input<string>;
  /** Private key in PEM. Kept as a secret. */
  privateKey: pulumi.Input<string>;
}

/** HTTPS of the gateway. Plain HTTP is redirected to it. */
export interface GatewayHttps {
  /** At least one; the first is shown to clients that name no known host. */
  certificates: GatewayCertificate[];
}

/** Images of the platform. Defaults to official images pinned by digest. */
export interface HostImages {
  /** Node.js 24, the base of the guard. */
  node?: string;
  /** HAProxy 2.6 or newer. */
  gateway?: string;
  prometheus?: string;
  alertmanager?: string;
  registry?: string;
  /** No default: without it there is no Grafana. */
  grafana?: string;
}

/** Slack messages for alerts. */
export interface SlackAlerts {
  /** Incoming webhook. Kept as a secret. */
  webhookUrl: pulumi.Input<string>;
  /** Channel such as "#deployments". Defaults to the webhook's own. */
  channel?: string;
}

/** E-mail for alerts. */
export interface EmailAlerts {
  to: string;
  from: string;
  /** "smtp.example.com:587" */
  smarthost: string;
  username?: string;
  /** Kept as a secret. */
  password?: pulumi.Input<string>;
}

/** Where alerts go. Without any, Alertmanager only shows them. */
export interface HostAlerts {
  slack?: SlackAlerts;
  email?: EmailAlerts;
}

/** Arguments of a DockerHost. Plain values, except where a secret may flow through. */
export interface DockerHostArgs {
  /**
   * Docker Engine: "unix:///run/docker.sock", "ssh://user@machine", "tcp://machine:2376".
   * Defaults to DOCKER_HOST, then the machine's own.
   */
  engine?: string;
  /** Address the gateway's ports are opened on. Defaults to "127.0.0.1"; "0.0.0.0" serves the world. */
  bindAddress?: string;
  ports?: HostPorts;
  /** Defaults to none: plain HTTP. */
  https?: GatewayHttps;
  images?: HostImages;
  alerts?: HostAlerts;
  /** Time between two scrapes, with its unit. Decisions are as fresh as this. Defaults to "15s". */
  scrapeInterval?: string;
  /** Time Prometheus keeps its data, with its unit. Defaults to "15d", in Prometheus' own notation. */
  retention?: string;
}

/** What a DockerService needs to know of its host. Holds no secret. */
export interface DockerHostHandle {
  /** Address of the Docker Engine; empty: the default one. */
  engine: pulumi.Input<string>;
  /** Value of the stack label on everything of this host. */
  stack: pulumi.Input<string>;
  /** Prefix of physical names. */
  prefix: pulumi.Input<string>;
  /** Name of the network that containers share with the gateway. */
  network: pulumi.Input<string>;
  /** Name of the guard's container. */
  guard: pulumi.Input<string>;
  /** Address of the registry as the engine reaches it: "127.0.0.1:5000". */
  registry: pulumi.Input<string>;
  /** Platform that images are built for: "linux/amd64". */
  platform: pulumi.Input<string>;
  /** Where the gateway listens: "http://127.0.0.1:8080". */
  url: pulumi.Input<string>;
}
