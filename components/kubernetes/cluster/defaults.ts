/** Seconds between two scrapes of Prometheus where nobody says. */
export const DEFAULT_SCRAPE_SECONDS = 15;
