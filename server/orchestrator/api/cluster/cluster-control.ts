import { newJoinToken, newUnlockKey } from '../../membership/tokens.ts';
import type { ApiObject, ClusterApi, SwarmUpdateQuery } from '../control-api.ts';
import { type ControlContext, clusterOf, write } from '../control-context.ts';
import { parseVersion } from '../numbers.ts';
import { decode } from '../request/go-json.ts';
import { swarmSpecRequest } from '../request/swarm-spec.ts';
import { swarmView } from '../views/cluster-view.ts';
import { updatedClusterSpec } from './cluster-spec.ts';
import { rotatedRoot } from './root-rotation.ts';

/** /swarm of the Engine API, once there is a swarm. */
export class ClusterControl implements ClusterApi {
  readonly #context: ControlContext;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  inspect(): ApiObject {
    return swarmView(clusterOf(this.#context.store));
  }

  async update(body: unknown, query: SwarmUpdateQuery): Promise<void> {
    const { store, clock } = this.#context;
    const request = decode(swarmSpecRequest, body);
    const version = parseVersion('swarm', query.version);
    const spec = updatedClusterSpec(request);
    await write(store, (transaction) => {
      const cluster = clusterOf(transaction);
      const rotated = rotatedRoot(cluster.Spec.CAConfig, spec.CAConfig, cluster.rootCa, clock.now());
      const rootCa = rotated ?? cluster.rootCa;
      // A new root invalidates both tokens, secrets included: whoever has seen the old ones is not let in.
      const token = (old: string, rotate: boolean | undefined) =>
        rotate || rotated !== undefined ? newJoinToken(rootCa.certificate) : old;
      const { AutoLockManagers: locked } = spec.EncryptionConfig;
      const isNewKey = query.rotateManagerUnlockKey || cluster.unlockKey === '';
      transaction.update(
        'clusters',
        {
          ...cluster,
          Spec: spec,
          rootCa,
          joinTokens: {
            Worker: token(cluster.joinTokens.Worker, query.rotateWorkerToken),
            Manager: token(cluster.joinTokens.Manager, query.rotateManagerToken),
          },
          unlockKey: !locked ? '' : isNewKey ? newUnlockKey() : cluster.unlockKey,
        },
        version,
      );
    });
  }

  unlockKey(): { UnlockKey: string } {
    return { UnlockKey: clusterOf(this.#context.store).unlockKey };
  }
}
