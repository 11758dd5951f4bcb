import { createInterface } from "node:readline";
import { isRecord } from "../shared/wire";

export interface Progress {
  /** A piece of build output. */
  stream?: string;
  /** A pull's or push's state, with the layer it is about. */
  status?: string;
  id?: string;
  /** What the engine says besides: image ids, digests. */
  aux?: Record<string, unknown>;
}

/** An error that the Docker Engine reported in the middle of a build, pull or push. */
export class ProgressError extends Error {}

/** Reads the JSON lines of a long operation; rejects with the error among them. */
export async function readProgress(
  stream: NodeJS.ReadableStream,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  // The whole stream is read, so that the connection is free again.
  let failure: string | undefined;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const message: unknown = JSON.parse(line);
    if (!isRecord(message)) continue;
    if (typeof message.error === "string") failure ??= message.error;
    onProgress({
      ...(typeof message.stream === "string" && { stream: message.stream }),
      ...(typeof message.status === "string" && { status: message.status }),
      ...(typeof message.id === "string" && { id: message.id }),
      ...(isRecord(message.aux) && { aux: message.aux }),
    });
  }
  if (failure !== undefined) throw new ProgressError(failure.trim());
}
