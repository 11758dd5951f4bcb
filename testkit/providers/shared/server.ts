import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type ServiceError, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
// Only the modules a provider needs: all of @pulumi/pulumi would add to the start-up time of every operation.
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "./engine-log";
import { answerCheck, answerDiff, initFailure, toProperties, toStruct } from "./messages";
import { containsPath, parsePath } from "./property-path";
import { IncompleteResource, type Provider, type ResourceKey } from "./provider";
import { redact, seal } from "./seal";
import { type Properties, unwrapAll } from "./wire";

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

type Handler<Request, Response> = (request: Request) => Promise<Response>;

/** Serves a provider to the engine: prints the port, and ends with the engine. */
export async function serve(provider: Provider, args: string[] = process.argv.slice(2)): Promise<void> {
  const { port, running } = await listen(
    provider,
    args.find((arg) => !arg.startsWith("-")),
  );
  endWithEngine(running);
  process.stdout.write(`${port}\n`);
}

export interface Listening {
  port: number;
  /** Calls that have not been answered. */
  running: Set<Promise<unknown>>;
  close(): void;
}

export async function listen(provider: Provider, engineAddress: string | undefined): Promise<Listening> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const running = new Set<Promise<unknown>>();
  const unary =
    <Request, Response>(handler: Handler<Request, Response>) =>
    (
      call: ServerUnaryCall<Request, Response>,
      reply: (error: Partial<ServiceError> | null, value?: Response) => void,
    ) => {
      const work = handler(call.request).then(
        (value) => reply(null, value),
        (error: unknown) => reply(serviceError(error)),
      );
      running.add(work);
      void work.finally(() => running.delete(work));
    };
  const handlers = handlersOf(provider, new EngineLog(engineAddress));
  server.addService(
    ResourceProviderService,
    Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [name, unary(handler as Handler<unknown, unknown>)]),
    ),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, running, close: () => server.forceShutdown() };
}

/** The engine holds the other end of stdin, so its end is the engine's end, killed or not. */
function endWithEngine(running: Set<Promise<unknown>>): void {
  const graceMillis = 5000;
  process.stdin.resume();
  process.stdin.once("end", () => {
    setTimeout(() => process.exit(1), graceMillis).unref();
    void Promise.allSettled([...running]).then(() => process.exit(0));
  });
}

class ProviderFailure extends Error {
  constructor(
    message: string,
    readonly metadata?: Metadata,
  ) {
    super(message);
  }
}

function serviceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = error instanceof ProviderFailure ? error.metadata : undefined;
  return { code: status.UNKNOWN, details: message, message, ...(metadata && { metadata }) };
}

function handlersOf(provider: Provider, log: EngineLog) {
  /** Runs one operation with its secrets known: none leaves in an error. */
  async function guarded<T>(sources: Properties[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await log.flush();
      const message = redact(error instanceof Error ? error.message : String(error), ...sources);
      if (!(error instanceof IncompleteResource)) throw new ProviderFailure(message);
      const metadata = new Metadata();
      const inputs = error.inputs && seal(error.inputs, ...sources);
      const details = initFailure(error.id, seal(error.outputs, ...sources), message, inputs);
      metadata.add("grpc-status-details-bin", Buffer.from(details));
      throw new ProviderFailure(message, metadata);
    }
  }
  const logFor = (key: ResourceKey, sources: Properties[]) =>
    log.forResource(key.urn, (line) => redact(line, ...sources));

  return {
    handshake: async () =>
      new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true),
    attach: async () => new Empty(),
    cancel: async () => {
      provider.cancel?.();
      return new Empty();
    },
    construct: async (request: proto.ConstructRequest) => {
      throw new ProviderFailure(`The component ${request.getType()} is not supported by the testkit's provider.`);
    },
    getPluginInfo: async () => new PluginInfo().setVersion(provider.version),
    getSchema: async () => new proto.GetSchemaResponse().setSchema("{}"),
    checkConfig: async (request: proto.CheckRequest) =>
      answerCheck({ inputs: toProperties(request.getNews()), failures: [] }),
    diffConfig: async (request: proto.DiffRequest) => {
      const [old, now] = [toProperties(request.getOldInputs()), toProperties(request.getNews())];
      if (provider.diffConfig !== undefined) return answerDiff(provider.diffConfig(unwrapAll(old), unwrapAll(now)));
      const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
        (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
      );
      return answerDiff({ changed, replaces: [], deleteBeforeReplace: false });
    },
    configure: async (request: proto.ConfigureRequest) => {
      const raw = toProperties(request.getArgs());
      await guarded([raw], async () => provider.configure?.(unwrapAll(raw)));
      return new proto.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    },
    invoke: async (request: proto.InvokeRequest) => {
      const raw = toProperties(request.getArgs());
      return guarded([raw], async () => {
        if (provider.invoke === undefined)
          throw new Error(`The function ${request.getTok()} is not supported by the testkit's provider.`);
        const result = await provider.invoke(request.getTok(), unwrapAll(raw));
        return new proto.InvokeResponse().setReturn(toStruct(seal(result, raw)));
      });
    },
    check: async (request: proto.CheckRequest) => {
      const [raw, old] = [toProperties(request.getNews()), toProperties(request.getOlds())];
      return guarded([raw, old], async () => {
        const autonaming = request.getAutonaming();
        const modes = ["propose", "enforce", "disable"] as const;
        const answer = await provider.check({
          ...keyOf(request),
          inputs: unwrapAll(raw),
          oldInputs: unwrapAll(old),
          log: logFor(keyOf(request), [raw, old]),
          autonaming: autonaming && {
            mode: modes[autonaming.getMode()] ?? "propose",
            proposed: autonaming.getProposedName(),
          },
        });
        return answerCheck({ inputs: seal(answer.inputs, raw), failures: answer.failures });
      });
    },
    diff: async (request: proto.DiffRequest) => {
      const [raw, oldRaw, oldOutputs] = [request.getNews(), request.getOldInputs(), request.getOlds()].map(
        toProperties,
      ) as [Properties, Properties, Properties];
      return guarded([raw, oldRaw, oldOutputs], async () => {
        const ignored = request.getIgnorechangesList().map(parsePath);
        const answer = await provider.diff({
          ...keyOf(request),
          id: request.getId(),
          inputs: unwrapAll(raw),
          oldInputs: unwrapAll(oldRaw),
          oldOutputs: unwrapAll(oldOutputs),
          log: logFor(keyOf(request), [raw, oldRaw]),
        });
        const kept = (path: string) => !ignored.some((place) => containsPath(place, parsePath(path)));
        return answerDiff({
          changed: answer.changed.filter(kept),
          replaces: answer.replaces.filter(kept),
          deleteBeforeReplace: answer.deleteBeforeReplace,
          ...(answer.detailed && { detailed: answer.detailed.filter(({ path }) => kept(path)) }),
        });
      });
    },
    create: async (request: proto.CreateRequest) => {
      const raw = toProperties(request.getProperties());
      return guarded([raw], async () => {
        const key = keyOf(request);
        const { id, outputs } = await provider.create({
          ...key,
          inputs: unwrapAll(raw),
          preview: request.getPreview(),
          ...timeoutOf(request),
          log: logFor(key, [raw]),
        });
        await log.flush();
        return new proto.CreateResponse().setId(id).setProperties(toStruct(seal(outputs, raw)));
      });
    },
    read: async (request: proto.ReadRequest) => {
      const [inputs, outputs] = [toProperties(request.getInputs()), toProperties(request.getProperties())];
      return guarded([inputs, outputs], async () => {
        const found = await provider.read({
          ...keyOf(request),
          id: request.getId(),
          inputs: unwrapAll(inputs),
          outputs: unwrapAll(outputs),
          log: logFor(keyOf(request), [inputs, outputs]),
        });
        await log.flush();
        // An empty id says that the object is gone.
        if (found === undefined) return new proto.ReadResponse();
        return new proto.ReadResponse()
          .setId(found.id)
          .setInputs(toStruct(seal(found.inputs, inputs)))
          .setProperties(toStruct(seal(found.outputs, inputs, outputs)));
      });
    },
    update: async (request: proto.UpdateRequest) => {
      const [raw, oldRaw, oldOutputs] = [request.getNews(), request.getOldInputs(), request.getOlds()].map(
        toProperties,
      ) as [Properties, Properties, Properties];
      return guarded([raw, oldRaw, oldOutputs], async () => {
        const key = keyOf(request);
        const outputs = await provider.update({
          ...key,
          id: request.getId(),
          inputs: unwrapAll(raw),
          oldInputs: unwrapAll(oldRaw),
          oldOutputs: unwrapAll(oldOutputs),
          preview: request.getPreview(),
          ignoreChanges: request.getIgnorechangesList(),
          ...timeoutOf(request),
          log: logFor(key, [raw, oldRaw]),
        });
        await log.flush();
        return new proto.UpdateResponse().setProperties(toStruct(seal(outputs, raw)));
      });
    },
    delete: async (request: proto.DeleteRequest) => {
      const [inputs, outputs] = [toProperties(request.getOldInputs()), toProperties(request.getProperties())];
      return guarded([inputs, outputs], async () => {
        await provider.delete({
          ...keyOf(request),
          id: request.getId(),
          inputs: unwrapAll(inputs),
          outputs: unwrapAll(outputs),
          ...timeoutOf(request),
          log: logFor(keyOf(request), [inputs, outputs]),
        });
        await log.flush();
        return new Empty();
      });
    },
  };
}

function timeoutOf(request: { getTimeout(): number }): { timeoutSeconds?: number } {
  const seconds = request.getTimeout();
  return seconds > 0 ? { timeoutSeconds: seconds } : {};
}

function keyOf(request: { getUrn(): string }): ResourceKey {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.split("$").pop() ?? "", name: name.join("::") };
}
