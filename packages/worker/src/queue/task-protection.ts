import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/** How to ask the ECS agent. */
interface TaskProtectionOptions {
  /** `ECS_AGENT_URI`, which ECS sets in every container. Undefined: not on ECS, so nothing is done. */
  readonly agentUri: string | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Called with what could not be done. A worker without protection works; it is only interrupted more often. */
  readonly onProblem: (problem: string) => void;
  /** Default: Node's own `fetch`. */
  readonly fetch?: typeof fetch;
  /**
   * How long protection lasts without renewal. Below the 3 hours that CloudFormation waits for a deployment.
   * Default: 120.
   */
  readonly expiresInMinutes?: number;
}

/** Protects the task from scale-in and deployments while it works. Spot interruptions come all the same. */
export interface TaskProtection {
  /** To be told at each change between idle and busy. Never throws. */
  busyChanged(busy: boolean): void;
  /** Resolves when the agent has been told the last state. */
  settled(): Promise<void>;
}

const CALL_TIMEOUT_MS = 5000;

/**
 * Makes task protection by the agent's `PUT /task-protection/v1/state`. The agent is called when the first
 * message comes and when the last has ended, one call at a time; changes that come while a call is under way
 * become one.
 *
 * Source: "Protect your Amazon ECS tasks from being terminated by scale-in events", Amazon ECS Developer
 * Guide.
 *
 * @example
 * const protection = createTaskProtection({ agentUri: process.env.ECS_AGENT_URI, clock: systemClock, onProblem: log.warn });
 * createWorker({ ...options, onBusyChange: protection.busyChanged });
 */
export function createTaskProtection(options: TaskProtectionOptions): TaskProtection {
  const { agentUri, clock, onProblem, expiresInMinutes = 120 } = options;
  if (agentUri === undefined || !isLinkLocal(agentUri)) {
    if (agentUri !== undefined) {
      onProblem(
        `Expected ECS_AGENT_URI to be a link-local address, got ${agentUri}: the task is not protected.`,
      );
    }
    return { busyChanged: () => undefined, settled: async () => undefined };
  }
  const url = `${agentUri}/task-protection/v1/state`;
  let wanted = false;
  let told = false;
  let running = false;
  let telling: Promise<void> = Promise.resolve();
  let idle = new AbortController();

  async function tell(): Promise<void> {
    running = true;
    while (told !== wanted) {
      told = wanted;
      await put(options, url, told, expiresInMinutes);
    }
    running = false;
  }

  async function renew(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep((expiresInMinutes * 60_000) / 2, signal);
      if (signal.aborted) return;
      await put(options, url, true, expiresInMinutes);
    }
  }

  return {
    busyChanged(busy) {
      wanted = busy;
      idle.abort();
      if (busy) {
        idle = new AbortController();
        void renew(idle.signal);
      }
      if (!running) telling = tell();
    },
    settled: () => telling,
  };
}

async function put(
  { onProblem, fetch: send = fetch }: TaskProtectionOptions,
  url: string,
  ProtectionEnabled: boolean,
  ExpiresInMinutes: number,
): Promise<void> {
  try {
    const response = await send(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        ProtectionEnabled ? { ProtectionEnabled, ExpiresInMinutes } : { ProtectionEnabled },
      ),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const answer = await response.text();
    // A refusal such as DEPLOYMENT_BLOCKED comes with status 200 and a member "failure".
    if (!response.ok || /"(failure|error)"/.test(answer)) {
      onProblem(
        `Task protection could not be set to ${ProtectionEnabled}: HTTP ${response.status} ${answer}`,
      );
    }
  } catch (error) {
    onProblem(`Task protection could not be set to ${ProtectionEnabled}: ${(error as Error).message}`);
  }
}

/**
 * The agent is at 169.254.170.2; credentials and states must not go anywhere else, whatever the environment
 * says.
 */
function isLinkLocal(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  return url?.protocol === 'http:' && /^169\.254\.\d+\.\d+$/.test(url.hostname);
}
