import type { Environment } from "./environment";
import type { Notifications } from "./notifications";
import type { Objectives } from "./objectives";
import type { Pipeline } from "./pipeline";
import type { Release } from "./release";
import type { Service } from "./service";
import type { Target } from "./target";

/** Where repositories live. */
export const Platform = { github: "github", gitlab: "gitlab" } as const;
export type Platform = (typeof Platform)[keyof typeof Platform];

/** A repository that services are delivered from. */
export interface Repository {
  /** Owner and name, on GitLab with all groups: "acme/shop". */
  name: string;
  /** Defaults to "github". */
  platform?: Platform;
  /** Address of the platform when it is one's own: "https://gitlab.example.com". */
  url?: string;
  /** Folder that matters, relative to the repository. Defaults to all of it. */
  path?: string;
  /** Names of the services whose sources are here. Defaults to all when this is the only repository, else to none. */
  services?: string[];
  /** Pipeline of this repository. Defaults to the document's. */
  pipeline?: Pipeline;
}

/** One service with what is asked of its releases: the same three fields as a file with one service. */
export interface DeliveredService {
  service: Service;
  /** How it is released. Either this or `strategy`. Defaults to the document's release. */
  release?: Release;
  /** Name of the strategy it is released with. */
  strategy?: string;
  /** What it promises. Defaults to the document's objectives. */
  objectives?: Objectives;
  /** Environments it is delivered to. Defaults to all. */
  environments?: string[];
  /** What runs it, by the name of the environment. Defaults to the environment's target. */
  targets?: Record<string, Target>;
}

/**
 * All that is said about deliveries: what a `cicd.yml` holds. Either one `service`, or `services` by name; a library
 * has a `pipeline` alone.
 */
export interface Delivery {
  /** The only service. Its name is that of the file. */
  service?: Service;
  /** Services by name. */
  services?: Record<string, DeliveredService>;
  /** How every service is released that says nothing else. Defaults to rolling. */
  release?: Release;
  /** What every service promises that says nothing else. Defaults to nothing. */
  objectives?: Objectives;
  /** Ways to release by name, for services and environments to choose from. */
  strategies?: Record<string, Release>;
  /** Places that versions are delivered to, by name. */
  environments?: Record<string, Environment>;
  /** Repositories by name. Defaults to the one the document lies in. */
  repositories?: Record<string, Repository>;
  /** What the pipeline does. */
  pipeline?: Pipeline;
  /** Who is told what. Defaults to nobody. */
  notifications?: Notifications;
}
