package qrate.spawn;

import qrate.core.Spawner;

class InProcessSpawnerTest extends SpawnerContractTest {
    @Override
    Spawner spawner() {
        return deliverer;
    }
}
