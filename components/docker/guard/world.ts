import type { ServiceRegistration } from "./protocol";

/** One server as the gateway should have it. */
export interface DesiredServer {
  name: string;
  host: string;
  port: number;
  /** 0 to 256. */
  weight: number;
  /** Takes no request any more, not even of a client that was bound to it. */
  closed: boolean;
  /** Servers of the version under release; a change never gives them more than before and after it. */
  candidate: boolean;
}

/** One service as the gateway should have it. */
export interface DesiredService {
  service: string;
  registration: ServiceRegistration;
  servers: DesiredServer[];
}

/** One server as the gateway has it. */
export interface SeenServer {
  address: string;
  port: number;
  weight: number;
  closed: boolean;
  /** Passes its health checks. */
  up: boolean;
  /** Requests under way. */
  sessions: number;
}

/** Servers of the gateway by service and name. */
export type SeenWorld = Record<string, Record<string, SeenServer>>;
