import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./provider";

/** Sends log lines to the engine, in order. */
export class EngineLog {
  private last: Promise<void> = Promise.resolve();
  private client: EngineClient | undefined;

  constructor(private readonly address: string | undefined) {}

  forResource(urn: string, clean: (line: string) => string): Log {
    return (severity, line, passing = false) => {
      const request = new LogRequest()
        .setUrn(urn)
        .setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING)
        .setMessage(clean(line))
        .setEphemeral(passing);
      this.last = this.last.then(() => this.send(request));
    };
  }

  /** Resolves when every line so far is with the engine. */
  flush(): Promise<void> {
    return this.last;
  }

  private async send(request: LogRequest): Promise<void> {
    if (this.address === undefined) return;
    this.client ??= new EngineClient(this.address, credentials.createInsecure());
    const client = this.client;
    // A line that cannot be shown must not fail the operation it tells about.
    await new Promise<void>((resolve) => client.log(request, () => resolve()));
  }
}
