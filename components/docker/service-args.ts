import type * as pulumi from "@pulumi/pulumi";
import type { Objectives } from "../model/objectives";
import type { OnBusy } from "../model/on-busy";
import type { Release } from "../model/release";
import type { Service } from "../model/service";
import type { DockerHostHandle } from "./host/args";

/** Keeps a client on the copy it met first. */
export interface StickySessions {
  /** Name of the cookie the gateway sets. Defaults to "headgate". */
  cookie?: string;
}

/** Arguments of a DockerService. What shapes the release is plain; values may be Inputs. */
export interface DockerServiceArgs {
  /** The host it runs on: `dockerHost.handle`. */
  host: pulumi.Input<DockerHostHandle>;
  service: Service;
  /** Defaults to a rolling release. */
  release?: Release;
  /** What the service promises; the analysis and the alerts go by it. */
  objectives?: Objectives;
  /** Host names that reach it. Defaults to none: it takes every request no other service claims. */
  hosts?: string[];
  /** Environment variables beside the service's own that are known only later. A secret is refused: see `secrets`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Secret files: each is at /run/secrets/<name> in the container. Kept as secrets. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Defaults to none. */
  sticky?: StickySessions;
  /** User and group that run the copies, as numbers. Defaults to "1000:1000"; root is refused. */
  user?: string;
  /** Most processes and threads of one copy. Defaults to 256. */
  pidsLimit?: number;
  /** Writable folders in memory with their size: { "/tmp": "64MiB" }. Defaults to /tmp with 64 MiB. */
  scratch?: Record<string, string>;
  /** Raise it to try an image again that was taken back. Defaults to 0. */
  retry?: number;
  /** Defaults to "wait". */
  onBusy?: OnBusy;
  /** Images of earlier versions kept on the host. Defaults to 3. */
  keepImages?: number;
}
