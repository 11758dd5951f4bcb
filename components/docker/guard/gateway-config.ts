import { createHash } from "node:crypto";
import { isIP } from "node:net";
import type { GuardSettings } from "./protocol";
import type { DesiredServer, DesiredService } from "./world";

/** Longest cold wait for a connection to a copy on the same host. */
const CONNECT_SECONDS = 2;
/** Idle connections to copies are dropped before a copy's own keep-alive ends (5 s in Node.js): a race less. */
export const IDLE_MILLISECONDS = 1000;
const NO_SERVICE = "_unknown";

/** The text of haproxy.cfg, and a mark that changes when only a reload can bring a running gateway to it. */
export interface GatewayConfig {
  text: string;
  mark: string;
}

/** Renders the gateway's configuration with all servers, so that a gateway that restarts serves as it did. */
export function renderGateway(settings: GuardSettings, services: DesiredService[]): GatewayConfig {
  const sorted = [...services].sort((a, b) => (a.service < b.service ? -1 : 1));
  const bare = render(settings, sorted, false, "");
  const mark = `headgate-${createHash("sha256").update(bare).digest("hex").slice(0, 16)}`;
  return { mark, text: render(settings, sorted, true, mark) };
}

/** What `add server` and a server line have in common after the address. */
export function serverOptions({ registration }: DesiredService, weight: number): string {
  const { probeIntervalSeconds, healthyAfter, unhealthyAfter } = registration;
  return (
    `check inter ${milliseconds(probeIntervalSeconds)} rise ${healthyAfter} fall ${unhealthyAfter} ` +
    `pool-purge-delay ${IDLE_MILLISECONDS} weight ${weight}`
  );
}

function render(settings: GuardSettings, services: DesiredService[], withServers: boolean, mark: string): string {
  const blocks = [
    globalSection(settings, mark),
    defaults(),
    resolvers(),
    ...frontends(settings, services),
    stats(settings),
    ...services.map((service) => backend(service, withServers, settings.gateway.https !== undefined)),
    block(`backend ${NO_SERVICE}`, [
      'http-request return status 404 content-type text/plain string "No service has this host name.\\n"',
    ]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function globalSection(settings: GuardSettings, mark: string): string {
  return block("global", [
    ...(mark === "" ? [] : [`description ${mark}`]),
    "log stdout format raw daemon notice",
    "maxconn 8000",
    "no strict-limits",
    `stats socket ${settings.socketFolder}/runtime.sock mode 660 level admin expose-fd listeners`,
    `hard-stop-after ${milliseconds(settings.gateway.stopSeconds)}`,
    ...(settings.gateway.https === undefined
      ? []
      : [
          `# certificates ${settings.gateway.https.certificatesVersion}`,
          "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets",
        ]),
  ]);
}

function defaults(): string {
  return block("defaults", [
    "mode http",
    "log global",
    `timeout connect ${CONNECT_SECONDS}s`,
    "timeout client 60s",
    "timeout server 60s",
    "timeout http-request 10s",
    "timeout http-keep-alive 10s",
    "timeout queue 5s",
    "timeout tunnel 1h",
    "retries 3",
    "option redispatch 1",
    "retry-on conn-failure empty-response",
    "http-reuse safe",
    // A client that gives up must not hide a copy that hangs: its request still counts when it times out.
    "no option abortonclose",
  ]);
}

function resolvers(): string {
  return block("resolvers docker", [
    "nameserver embedded 127.0.0.11:53",
    "resolve_retries 3",
    "timeout resolve 1s",
    "timeout retry 1s",
    "hold valid 5s",
    "hold nx 10s",
    "hold timeout 30s",
    "hold refused 30s",
    "hold other 30s",
    "hold obsolete 30s",
  ]);
}

function frontends(settings: GuardSettings, services: DesiredService[]): string[] {
  const { gateway } = settings;
  const routes = [
    // At a reload an idle client connection stays for one more request, so that none is sent into a closing one.
    "option idle-close-on-response",
    // The gateway is the edge: what a client claims about its own address and scheme is not passed on.
    "http-request del-header X-Forwarded-For",
    "option forwardfor",
    "http-request set-header X-Forwarded-Proto https if { ssl_fc }",
    "http-request set-header X-Forwarded-Proto http unless { ssl_fc }",
    "http-request set-header X-Forwarded-Host %[req.hdr(host)]",
    "http-request disable-l7-retry unless { method GET HEAD OPTIONS }",
    ...services
      .filter(({ registration }) => registration.hosts.length > 0)
      .map(
        ({ service, registration }) =>
          `use_backend ${service} if { req.hdr(host),host_only,lower -m str ${registration.hosts.join(" ")} }`,
      ),
    `default_backend ${services.find(({ registration }) => registration.hosts.length === 0)?.service ?? NO_SERVICE}`,
  ];
  const bind = `bind ${gateway.address ?? ""}`;
  if (gateway.https === undefined) return [block("frontend http", [`${bind}:${gateway.httpPort}`, ...routes])];
  const { port, certificateFolder, redirectToPort } = gateway.https;
  const authority = redirectToPort === 443 ? "" : `:${redirectToPort}`;
  return [
    block("frontend http", [
      `${bind}:${gateway.httpPort}`,
      `http-request redirect code 308 location https://%[req.hdr(host),host_only]${authority}%[pathq]`,
    ]),
    block("frontend https", [`${bind}:${port} ssl crt ${certificateFolder}/ alpn h2,http/1.1`, ...routes]),
  ];
}

function stats({ gateway }: GuardSettings): string {
  return block("frontend stats", [
    `bind ${gateway.address ?? ""}:${gateway.statsPort}`,
    "monitor-uri /healthz",
    "http-request use-service prometheus-exporter if { path /metrics }",
    "http-request return status 404",
  ]);
}

function backend(desired: DesiredService, withServers: boolean, secure: boolean): string {
  const { service, registration } = desired;
  return block(`backend ${service}`, [
    "balance roundrobin",
    "option httpchk",
    `http-check send meth GET uri ${registration.readinessPath} ver HTTP/1.1 hdr Host ${registration.hosts[0] ?? service}`,
    `timeout check ${milliseconds(registration.probeTimeoutSeconds)}`,
    ...(registration.stickyCookie === undefined
      ? []
      : [
          `cookie ${registration.stickyCookie} insert indirect nocache httponly${secure ? " secure" : ""} dynamic`,
          `dynamic-cookie-key ${createHash("sha256").update(service).digest("hex").slice(0, 16)}`,
        ]),
    ...(withServers ? desired.servers.map((server) => serverLine(desired, server)) : []),
  ]);
}

function serverLine(desired: DesiredService, server: DesiredServer): string {
  const names = isIP(server.host) === 0 ? " resolvers docker resolve-prefer ipv4 init-addr last,libc,none" : "";
  const options = serverOptions(desired, server.weight);
  return `server ${server.name} ${server.host}:${server.port} ${options}${names}${server.closed ? " disabled" : ""}`;
}

function block(head: string, lines: string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join("\n");
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
