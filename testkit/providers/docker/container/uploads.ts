import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import type { Container } from "dockerode";
import { tar } from "../tar";
import type { ContainerInputs } from "./schema";

type Upload = NonNullable<ContainerInputs["uploads"]>[number];

/** Puts the files into the container, which has not started yet. */
export async function uploadFiles(container: Container, uploads: Upload[]): Promise<void> {
  if (uploads.length === 0) return;
  const entries = uploads.map((upload) => ({ path: upload.file, mode: modeOf(upload), content: contentOf(upload) }));
  await container.putArchive(Readable.from(tar(entries)), { path: "/" });
}

function contentOf({ content, contentBase64, source, file }: Upload): Buffer {
  if (content !== undefined) return Buffer.from(content);
  if (contentBase64 !== undefined) return Buffer.from(contentBase64, "base64");
  if (source !== undefined) return readFileSync(source);
  throw new Error(`the upload ${file} has no content`);
}

function modeOf({ permissions, executable }: Upload): number {
  if (permissions !== undefined) return Number.parseInt(permissions, 8);
  return executable === true ? 0o744 : 0o644;
}
