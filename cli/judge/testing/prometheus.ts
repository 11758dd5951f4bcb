import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A series that the stand-in has. Values as Prometheus writes them: "1", "NaN". */
export interface StoredSeries {
  metric: Record<string, string>;
  values: [at: number, value: string][];
}

/** Stands in for Prometheus: answers instant queries of one selector with a range, as a matrix. */
export class StandIn implements AsyncDisposable {
  readonly queries: string[] = [];
  readonly headers: (string | undefined)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param answer Instead of what `series` say: a status and a body. */
  static async start(series: readonly StoredSeries[], answer?: { status: number; body: string }): Promise<StandIn> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://stand-in");
      const query = searchParams.get("query") ?? "";
      standIn.queries.push(query);
      standIn.headers.push(request.headers.authorization);
      if (answer !== undefined || pathname !== "/api/v1/query") {
        response.writeHead(answer?.status ?? 404).end(answer?.body ?? "404 page not found");
        return;
      }
      const [, selector = "", range] = /^(.*)\[(\d+)ms\]$/s.exec(query) ?? [];
      const to = Number(searchParams.get("time"));
      const from = to - Number(range) / 1000;
      const result = series
        .filter(({ metric }) => matches(selector, metric))
        .map(({ metric, values }) => ({ metric, values: values.filter(([at]) => at > from && at <= to) }))
        .filter(({ values }) => values.length > 0);
      response.writeHead(200).end(JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const standIn = new StandIn(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return standIn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function matches(selector: string, metric: Record<string, string>): boolean {
  const [, name = "", inside = ""] = /^([\w:]*)\{(.*)\}$/s.exec(selector) ?? [];
  if (name !== "" && metric["__name__"] !== name) return false;
  return [...inside.matchAll(/(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"/g)].every(([, label = "", operator, text = ""]) => {
    const [value, wanted] = [metric[label] ?? "", JSON.parse(`"${text}"`) as string];
    const same = operator?.endsWith("~") ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
    return operator?.startsWith("!") ? !same : same;
  });
}

/** Rows of a recording as CSV, as cumulative series of two revisions behind a gateway, from `start` on. */
export function gatewaySeries(csv: string, start: number, canary = "r12-1", stable = "r11-1"): StoredSeries[] {
  return armsOf(csv, start, ({ arm, code }) => ({
    __name__: "haproxy_server_http_responses_total",
    proxy: "shop",
    server: arm === "canary" ? canary : stable,
    code,
  }));
}

/** The same as the counters of the two versions themselves; those of the old one begin with `offset`. */
export function requestSeries(csv: string, start: number, offset = 0): StoredSeries[] {
  const labels = ({ arm, code }: { arm: "canary" | "stable"; code: string }) => ({
    __name__: "http_requests_total",
    revision: arm === "canary" ? "12" : "11",
    instance: arm,
    code: code === "5xx" ? "503" : "200",
  });
  return armsOf(csv, start, labels).map(({ metric, values }) => ({
    metric,
    values: values.map(([at, value]) => [at, String(Number(value) + (metric["revision"] === "11" ? offset : 0))]),
  }));
}

/** Weights of both revisions as the guard tells them, at these times. */
export function weightSeries(times: readonly number[], began: number, ended: number): StoredSeries[] {
  const of = (revision: string, some: readonly number[]): StoredSeries => ({
    metric: { __name__: "headgate_release_weight", service: "shop", revision },
    values: some.map((at) => [at, "50"]),
  });
  return [
    of(
      "11",
      times.filter((at) => at <= ended),
    ),
    of(
      "12",
      times.filter((at) => at >= began),
    ),
  ];
}

function armsOf(
  csv: string,
  start: number,
  labels: (of: { arm: "canary" | "stable"; code: string }) => Record<string, string>,
): StoredSeries[] {
  const rows = csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number) as [number, number, number, number, number]);
  const arms = [["canary", 1] as const, ["stable", 3] as const];
  return arms.flatMap(([arm, column]) =>
    ["5xx", "2xx"].map((code) => ({
      metric: labels({ arm, code }),
      values: rows
        .map((row): [number, number] => {
          const [total = 0, bad = 0] = [row[column], row[column + 1]];
          return [start + row[0], code === "5xx" ? bad : total - bad];
        })
        .map(([at, value]): [number, string] => [at, String(value)]),
    })),
  );
}
