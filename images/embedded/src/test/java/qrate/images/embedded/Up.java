package qrate.images.embedded;

import qrate.core.Log;

/// `up` in a process of its own, for tests: {@link Main} refuses root, whom continuous integration runs as.
final class Up {
    private Up() {}

    public static void main(String[] arguments) throws Exception {
        Log log = Log.kept(System.getenv());
        Embedded.start(System.getenv(), log).untilTerm(System.getenv(), log);
    }
}
