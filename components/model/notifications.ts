/** What somebody may want to hear of. */
export const DeliveryEvent = {
  /** A run failed on a branch with a meaning. */
  failed: "failed",
  /** The first good run after a bad one. */
  recovered: "recovered",
  /** A deployment waits for somebody. */
  approvalNeeded: "approval-needed",
  /** A version took all traffic. */
  deployed: "deployed",
  /** A version was taken back. */
  rolledBack: "rolled-back",
  /** The infrastructure is not as its program says. */
  drifted: "drifted",
} as const;
export type DeliveryEvent = (typeof DeliveryEvent)[keyof typeof DeliveryEvent];

/** A message to a channel of Slack. */
export interface SlackNotification {
  /** Name with its leading "#": "#deliveries". */
  channel: string;
  /** Name of the secret that holds the address of the incoming webhook. Defaults to "SLACK_WEBHOOK_URL". */
  webhookSecret?: string;
  /** Defaults to failed, recovered and rolled-back. */
  events?: DeliveryEvent[];
  /** Environments it is about. Defaults to all. */
  environments?: string[];
}

/** An e-mail. */
export interface EmailNotification {
  /** Addresses. */
  to: string[];
  /** Host and port of the server: "smtp.example.com:587". */
  server: string;
  /** Name of the secret that holds the user. Defaults to "SMTP_USER". */
  userSecret?: string;
  /** Name of the secret that holds the password. Defaults to "SMTP_PASSWORD". */
  passwordSecret?: string;
  /** Defaults to failed, recovered and rolled-back. */
  events?: DeliveryEvent[];
  /** Environments it is about. Defaults to all. */
  environments?: string[];
}

/** Who is told what. */
export interface Notifications {
  slack?: SlackNotification[];
  email?: EmailNotification[];
}
