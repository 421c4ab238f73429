import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { log } from "@/lib/log";
import type { Job } from "@/lib/worker/jobs";
import { runJobs } from "@/lib/worker/worker";

const { isRush } = vi.hoisted(() => ({ isRush: vi.fn(async () => false) }));
vi.mock("@/lib/abuse", () => ({ isRush }));
vi.mock("@/lib/mail", () => ({ sendOnce: vi.fn() }));
vi.mock("@/lib/worker/jobs", () => ({ JOBS: [] }));
vi.mock("@/lib/log", () => ({ log: { error: vi.fn() } }));

let stopping = new AbortController();

beforeEach(() => {
  isRush.mockResolvedValue(false);
  stopping = new AbortController();
});
afterEach(() => stopping.abort());

const start = (...jobs: Job[]) => void runJobs(jobs, stopping.signal);
const hourly = (name: string, run: Job["run"]): Job => ({ name, everySeconds: 3_600, run });

test("runs every job at start, then when it is due", async () => {
  const [often, seldom] = [vi.fn(async () => {}), vi.fn(async () => {})];
  start({ name: "often", everySeconds: 0.1, run: often }, hourly("seldom", seldom));
  await vi.waitFor(() => expect(often.mock.calls.length).toBeGreaterThan(2), 3_000);
  expect(seldom).toHaveBeenCalledTimes(1);
});

test("a job that fails is logged by its name, and the others run", async () => {
  const other = vi.fn(async () => {});
  const fault = new Error("no such table");
  start(
    hourly("broken", async () => {
      throw fault;
    }),
    hourly("other", other),
  );
  await vi.waitFor(() => expect(other).toHaveBeenCalled());
  expect(log.error).toHaveBeenCalledWith(expect.any(String), fault, { job: "broken" });
});

test("a job that has more to do runs again without waiting, but not before the others had their turn", async () => {
  const order: string[] = [];
  let left = 3;
  start(
    hourly("many", async () => {
      order.push("many");
      left -= 1;
      return left > 0;
    }),
    hourly("other", async () => void order.push("other")),
  );
  await vi.waitFor(() => expect(order).toHaveLength(4));
  expect(order).toEqual(["many", "other", "many", "many"]);
});

test("a job in the background holds nobody up and is not started twice", async () => {
  const [slow, other] = [vi.fn(() => new Promise<void>(() => {})), vi.fn(async () => {})];
  start(
    { name: "slow", everySeconds: 0.1, run: slow, inBackground: true },
    { name: "other", everySeconds: 0.1, run: other },
  );
  await vi.waitFor(() => expect(other.mock.calls.length).toBeGreaterThan(2), 3_000);
  expect(slow).toHaveBeenCalledTimes(1);
});

test("a job is postponed in a rush, at most for as long as it says", async () => {
  isRush.mockResolvedValue(true);
  const [patient, impatient] = [vi.fn(async () => {}), vi.fn(async () => {})];
  start(
    { ...hourly("patient", patient), postponedInRushSeconds: 3_600 },
    { ...hourly("impatient", impatient), postponedInRushSeconds: 0 },
  );
  await vi.waitFor(() => expect(impatient).toHaveBeenCalled());
  expect(patient).not.toHaveBeenCalled();
});
