const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { hostname } = require("node:os");
const { join } = require("node:path");

const port = setting("PORT", 8080, 0, 65535);
const errorRate = setting("ERROR_RATE", 0, 0, 1);
const latencyMs = setting("LATENCY_MS", 0, 0, 60_000);
const drainMs = setting("DRAIN_MS", 3000, 0, 60_000);
const lastCallMs = setting("LAST_CALL_MS", 5000, 0, 60_000);
const version = process.env.VERSION || "0.0.0";
const secretFile = join(process.env.SECRETS_DIR || "/run/secrets", "GREETING_SECRET");

/** Answers by path, with every status each may have, so that their counters exist from the first scrape on. */
const routes = {
  "/": { codes: [200, 500], answer: greet },
  "/secret-length": { codes: [200, 404], answer: secretLength },
  "/healthz": { codes: [200], answer: async () => json(200, { status: "alive" }), watched: false },
  "/ready": { codes: [200, 503], answer: async () => json(...readiness()), watched: false },
  "/metrics": {
    codes: [200],
    answer: async () => ({ code: 200, type: "text/plain; version=0.0.4", body: metrics() }),
    watched: false,
  },
  other: { codes: [404], answer: async () => json(404, { error: "not found" }) },
};
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

const requests = new Map();
for (const [route, { codes }] of Object.entries(routes)) {
  for (const code of codes) requests.set(series("GET", code, route), 0);
  requests.set(series("other", 405, route), 0);
}
const durations = { counts: buckets.map(() => 0), count: 0, sum: 0 };
let stopping = false;

const server = createServer(async (request, response) => {
  const startedAt = process.hrtime.bigint();
  const [path] = request.url.split("?");
  const route = path !== "other" && Object.hasOwn(routes, path) ? path : "other";
  const known = request.method === "GET" || request.method === "HEAD";
  request.resume();
  response.on("finish", () => {
    count(series(known ? request.method : "other", response.statusCode, route));
    // Probes and scrapes are not what users wait for.
    if (routes[route].watched !== false) observe(Number(process.hrtime.bigint() - startedAt) / 1e9);
  });
  const { code, type, body } = known ? await routes[route].answer() : json(405, { error: "method not allowed" });
  response.writeHead(code, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-version": version,
    // A client that hears this opens its next connection elsewhere, so no request meets a closing socket.
    ...(stopping ? { connection: "close" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
});
// Longer than the gateway keeps an idle connection: the side that sends requests closes first.
server.keepAliveTimeout = 65_000;
server.listen(port, () => console.log(`hello ${version} listens on ${server.address().port}`));
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

async function greet() {
  if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  if (Math.random() < errorRate) return json(500, { version, error: "bad luck" });
  return json(200, { version, hostname: hostname(), greeting: "Hello from Headgate" });
}

async function secretLength() {
  try {
    return json(200, { length: readFileSync(secretFile).length });
  } catch {
    return json(404, { error: "there is no secret file" });
  }
}

function readiness() {
  return stopping ? [503, { status: "stopping" }] : [200, { status: "ready" }];
}

/** Unready at once, still serving while the gateway notices, then no new connections, then the end. */
function stop() {
  if (stopping) return;
  stopping = true;
  console.log(`hello ${version} stops`);
  setTimeout(() => {
    server.close(() => process.exit(0));
    setTimeout(() => {
      console.error(`hello ${version} gave up on requests that did not end`);
      process.exit(1);
    }, lastCallMs);
  }, drainMs);
}

function json(code, value) {
  return { code, type: "application/json", body: `${JSON.stringify(value)}\n` };
}

function series(method, code, route) {
  return `http_requests_total{method="${method}",code="${code}",route="${route}"}`;
}

function count(name) {
  requests.set(name, (requests.get(name) ?? 0) + 1);
}

function observe(seconds) {
  durations.count += 1;
  durations.sum += seconds;
  buckets.forEach((bound, index) => {
    if (seconds <= bound) durations.counts[index] += 1;
  });
}

function metrics() {
  const histogram = "http_request_duration_seconds";
  return [
    "# HELP hello_info The version that runs.",
    "# TYPE hello_info gauge",
    `hello_info{version=${JSON.stringify(version)}} 1`,
    "# HELP http_requests_total Answered requests.",
    "# TYPE http_requests_total counter",
    ...[...requests].map(([name, value]) => `${name} ${value}`),
    `# HELP ${histogram} Time to the whole answer, without probes and scrapes.`,
    `# TYPE ${histogram} histogram`,
    ...buckets.map((bound, index) => `${histogram}_bucket{le="${bound}"} ${durations.counts[index]}`),
    `${histogram}_bucket{le="+Inf"} ${durations.count}`,
    `${histogram}_sum ${durations.sum}`,
    `${histogram}_count ${durations.count}`,
    "",
  ].join("\n");
}

function setting(name, otherwise, least, most) {
  const text = process.env[name] || String(otherwise);
  const value = Number(text);
  if (value >= least && value <= most) return value;
  console.error(`hello: ${name} must be a number from ${least} to ${most} (got ${JSON.stringify(text)}).`);
  process.exit(2);
}
