import { vi } from "vitest";
import { officialFile } from "./manifests";

// Before every test file: files of one worker share their modules, so the first to load this one decides for all.
vi.mock("../platform/download", () => ({ download: async (url: string) => officialFile(url) }));
