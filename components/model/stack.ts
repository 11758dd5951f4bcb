import type { Objectives } from "./objectives";
import type { Release } from "./release";
import type { Service } from "./service";

/** One service of a stack, with what this stack asks of its releases. */
export interface StackService {
  service: Service;
  release?: Release;
  objectives?: Objectives;
  /** Host names that reach it. Defaults to none: every request no other service claims. */
  hosts?: string[];
  /** Build arguments taken from the stack's configuration: argument name to configuration key, such as "version". */
  buildArguments?: Record<string, string>;
  /** Secret files taken from the stack's secret configuration: file name to configuration key. */
  secrets?: Record<string, string>;
  /** Keep a client on the copy it met first. Defaults to false. */
  sticky?: boolean;
}

/** What one stack delivers: plain data, in a file of its own under stacks/. */
export interface Stack {
  /** Name of the host. */
  host: string;
  /** Time between two scrapes on that host, with its unit. Defaults to "15s". */
  scrapeInterval?: string;
  /** Services by name. */
  services: Record<string, StackService>;
}
