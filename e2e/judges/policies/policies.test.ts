import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Acting, labelOf } from './deployed.ts';
import { handleLargeObjects } from './large-objects.ts';
import { type Life, liveThrough } from './life.ts';
import { judgePermissions } from './needed-permissions.ts';
import { type Servers, stageVariant, startServers } from './stage.ts';
import { UNEXERCISED } from './unexercised-permissions.ts';
import { VARIANTS, type Variant } from './variants.ts';

let servers: Servers;
/** What each permission is needed for, by what it is called: `task s3:GetObject on WordFreqProcessing/*`. */
const needed = new Map<string, boolean>();

beforeAll(async () => {
  servers = await startServers();
});

afterAll(() => servers?.stop());

/** A life of a variant; then every permission is taken out in turn, and what was done is replayed. */
async function judge(variant: Variant): Promise<Life> {
  const stage = await stageVariant(variant, servers);
  const life = await liveThrough(stage, servers.proxy).finally(() => stage.stop());
  if (['default', 'spill', 'customer-key'].includes(variant.name)) await handleLargeObjects(stage, servers);
  for (const [acting, principal] of Object.entries(stage.deployed.principals)) {
    for (const { action, resource, needed: isNeeded } of await judgePermissions(
      principal,
      servers.proxy.used(principal.accessKeyId),
    )) {
      const name = nameOf(acting as Acting, action, labelOf(resource, stage.deployed));
      needed.set(name, isNeeded || needed.get(name) === true);
    }
  }
  return life;
}

const nameOf = (acting: string, action: string, label: string): string => `${acting} ${action} on ${label}`;

describe('a life of the pipeline with its own policies, and none besides', () => {
  it.each(VARIANTS)('$name: everything ends as it should, and nothing is refused', async (variant) => {
    const life = await judge(variant);
    expect({ denied: servers.proxy.denied, unknown: servers.proxy.unknown }).toEqual({
      denied: [],
      unknown: [],
    });
    expect(life).toMatchObject({
      outcomes: {
        'good.txt': 'counted',
        'empty.txt': 'empty',
        'noise.txt': 'failed:not-text',
        'slow.txt': 'counted',
        'delivered-again.txt': 'counted',
        'overwritten.txt': 'counted',
        'nowhere.txt': 'gone',
      },
      deadLetters: ['not-json', 'not-text'],
    });
  });

  it('needs every permission that it has, but for those with a reason', () => {
    const unneeded = [...needed].filter(([, isNeeded]) => !isNeeded).map(([name]) => name);
    expect(needed.size).toBeGreaterThan(50);
    expect(unneeded.sort()).toEqual([...UNEXERCISED.keys()].sort());
  });
});
